import type { ReviewDetail } from '@nines/contracts'
import type { ReactNode } from 'react'
import { ACTION_EFFECT, ACTION_STATE, ACTION_TYPE, DEFENCE_OUTCOME, FACTOR_ROLE, sentence } from '../../model/words.ts'
import { Instant } from '../instant.tsx'
import { Panel } from '../panel.tsx'
import { Timeline } from '../timeline.tsx'
import { ReviewBudgets } from './review-budgets.tsx'
import { ResponseChain } from './response-chain.tsx'

/** The review as a document, to read and to print. */
export function ReviewReader({ review }: { review: ReviewDetail }) {
  const { factors, defences, restoration, prevention, detection } = review.sections
  return (
    <div className="columns wide-side">
      <article className="panel prose" style={{ padding: '10px 28px 28px' }}>
        <Section title="Summary" text={review.summary} />
        <Section title="Impact" text={review.impact} />
        <Section title="What contributed" text={factors.narrative}>
          {factors.items.map((factor) => (
            <li key={factor.id}>
              <strong>{FACTOR_ROLE[factor.role]}.</strong> {factor.description}{' '}
              <span className="meta">{factor.classes.map(sentence).join(', ')}</span>
            </li>
          ))}
        </Section>
        <Section title="What each defence saw" text={defences.narrative}>
          {defences.items.map((item) => (
            <li key={item.id}>
              <strong>{item.name}</strong> <span className="meta">{DEFENCE_OUTCOME[item.outcome]}</span>
              <br />
              {item.whatItSaw}
            </li>
          ))}
        </Section>
        <Section title="What restored service" text={restoration.narrative}>
          {restoration.items.map((item) => (
            <li key={item.id}>
              {item.description} <span className="meta">{ACTION_EFFECT[item.effect]}</span>
              {item.at !== null && (
                <span className="meta">
                  {' '}
                  · <Instant at={item.at} />
                </span>
              )}
            </li>
          ))}
        </Section>
        <Section title="What will change" text={prevention.narrative}>
          {review.actions.map((item) => (
            <li key={item.id}>
              {item.title}
              <div className="meta">
                {[
                  ACTION_TYPE[item.type],
                  item.owner?.name ?? 'no owner',
                  item.dueOn === null ? 'no date' : `due ${item.dueOn}`,
                  ACTION_STATE[item.state],
                ].join(' · ')}
              </div>
            </li>
          ))}
        </Section>
        <h2>Detection and response</h2>
        <ResponseChain times={detection.times} />
        <p style={{ marginTop: 10 }}>{detection.narrative}</p>
      </article>
      <aside aria-label="Cost and timeline of the incident">
        <ReviewBudgets incidentId={review.incidentId} />
        <Panel title="Timeline" flush>
          <Timeline entries={review.timeline} />
        </Panel>
      </aside>
    </div>
  )
}

function Section({ title, text, children }: { title: string; text: string; children?: ReactNode[] }) {
  const items = children ?? []
  return (
    <section>
      <h2>{title}</h2>
      {text.trim() !== '' && <p>{text}</p>}
      {items.length > 0 && <ul style={{ margin: '8px 0', paddingLeft: 20 }}>{items}</ul>}
      {text.trim() === '' && items.length === 0 && <p className="muted">Not written yet.</p>}
    </section>
  )
}
