import type { ReviewDetail, ReviewSections } from '@nines/contracts'
import { Button, Textarea, TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconDeviceFloppy, IconWorldUpload } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { missingParts } from '../../model/review-draft.ts'
import { Panel } from '../panel.tsx'
import { Failure } from '../query-view.tsx'
import { Defences } from './defences.tsx'
import { Factors } from './factors.tsx'
import { ResponseChain } from './response-chain.tsx'
import { Restoration } from './restoration.tsx'
import { useReviewDraft } from './use-review-draft.ts'

/** Writes a review: five questions, each with prose and structured answers. Action items save on their own. */
export function ReviewEditor({ review, actions }: { review: ReviewDetail; actions: ReactNode }) {
  const state = useReviewDraft(review)
  const { draft, setDraft } = state
  const { sections } = draft
  useHotkeys([['mod+S', () => void (state.dirty && state.saveDraft().catch(() => {}))]], [])
  const setSection = <K extends keyof ReviewSections>(key: K, value: Partial<ReviewSections[K]>) =>
    setDraft({ ...draft, sections: { ...sections, [key]: { ...sections[key], ...value } } })
  const narrative = (key: keyof ReviewSections, label: string, placeholder: string) => (
    <Narrative
      label={label}
      placeholder={placeholder}
      value={sections[key].narrative}
      onChange={(text) => setSection(key, { narrative: text })}
    />
  )
  return (
    <>
      <SaveBar review={review} state={state} />
      <Panel title="What happened">
        <div className="form-grid">
          <TextInput
            label="Title"
            value={draft.title}
            onChange={(e) => setDraft({ ...draft, title: e.currentTarget.value })}
          />
          <Narrative
            label="Summary"
            placeholder="Three sentences for somebody who was not there."
            value={draft.summary}
            onChange={(summary) => setDraft({ ...draft, summary })}
          />
          <Narrative
            label="Impact"
            placeholder="Who noticed what, for how long, and how much of the budget it cost."
            value={draft.impact}
            onChange={(impact) => setDraft({ ...draft, impact })}
          />
        </div>
      </Panel>
      <Panel
        title="1. What contributed?"
        note="There is rarely one cause. Look for at least two factors, and for what limited the damage."
      >
        {narrative(
          'factors',
          'How we got here',
          'What made sense to people at the time, and what was different from what they expected?',
        )}
        <Factors
          items={sections.factors.items}
          timeline={review.timeline}
          onChange={(items) => setSection('factors', { items })}
        />
      </Panel>
      <Panel title="2. What did each defence see?">
        {narrative(
          'defences',
          'About the defences',
          'Tests, reviews, canaries, alerts, limits: what did each see, and what did it do?',
        )}
        <Defences
          items={sections.defences.items}
          timeline={review.timeline}
          onChange={(items) => setSection('defences', { items })}
        />
      </Panel>
      <Panel title="3. What restored service?">
        {narrative(
          'restoration',
          'How it was restored',
          'What was tried, in which order, and how did you know that it worked?',
        )}
        <Restoration
          items={sections.restoration.items}
          timeline={review.timeline}
          onChange={(items) => setSection('restoration', { items })}
        />
      </Panel>
      <Panel title="4. What will prevent it, or soften it?">
        {narrative('prevention', 'What we will change', 'Which factor or defence does each action address?')}
        {actions}
      </Panel>
      <Panel title="5. How was it detected and answered?">
        <ResponseChain times={sections.detection.times} />
        <div style={{ marginTop: 14 }}>
          {narrative(
            'detection',
            'About detection and response',
            'Could it have been seen earlier? Did pages reach the right person?',
          )}
        </div>
      </Panel>
    </>
  )
}

function Narrative(props: { label: string; placeholder: string; value: string; onChange: (value: string) => void }) {
  return (
    <Textarea
      label={props.label}
      placeholder={props.placeholder}
      autosize
      minRows={2}
      maxRows={24}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
    />
  )
}

function SaveBar({ review, state }: { review: ReviewDetail; state: ReturnType<typeof useReviewDraft> }) {
  const missing = missingParts(state.draft, review.actions.length)
  const error = state.publish.error ?? (state.conflict ? null : state.save.error)
  return (
    <div className="save-bar">
      <div className="form-actions" style={{ margin: 0 }}>
        <Button
          leftSection={<IconDeviceFloppy size={14} />}
          disabled={!state.dirty || state.conflict}
          loading={state.save.isPending}
          onClick={() => void state.saveDraft().catch(() => {})}
        >
          Save
        </Button>
        {review.state !== 'published' && (
          <Button
            variant="default"
            leftSection={<IconWorldUpload size={14} />}
            disabled={missing.length > 0 || state.conflict}
            loading={state.publish.isPending}
            onClick={() => void state.publishReview().catch(() => {})}
          >
            Publish
          </Button>
        )}
        <output className="hint">
          {state.dirty ? 'Unsaved changes' : 'All changes saved'}
          {review.state !== 'published' && missing.length > 0 && ` · before publishing: ${missing.join(', ')}`}
        </output>
      </div>
      {state.conflict && (
        <div className="failure" role="alert" style={{ marginTop: 10 }}>
          <p>
            <strong>Somebody else saved this review while you were writing.</strong> Keep your text and replace theirs,
            or drop yours and continue from theirs.
          </p>
          <Button variant="default" onClick={state.takeTheirs}>
            Take theirs
          </Button>
          <Button loading={state.save.isPending} onClick={() => void state.overwrite().catch(() => {})}>
            Keep mine
          </Button>
        </div>
      )}
      {error !== null && (
        <div style={{ marginTop: 10 }}>
          <Failure what={state.publish.isError ? 'Not published.' : 'Not saved.'} error={error} />
        </div>
      )}
    </div>
  )
}
