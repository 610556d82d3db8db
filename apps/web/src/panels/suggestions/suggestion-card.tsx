import { windowText, type SloSuggestion } from '@nines/contracts'
import { Button, Skeleton } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { Suspense, useId } from 'react'
import { describeSli } from '../../model/describe-sli.ts'
import { formatCount } from '../../model/format-number.ts'
import { formatBudget, formatRatio, formatTarget } from '../../model/format-ratio.ts'
import { searchLink } from '../../model/search-link.ts'
import { draftOfSuggestion } from '../../model/slo-draft.ts'
import {
  ASPECT_WORDS,
  countsText,
  dailyGist,
  quantileText,
  ruleText,
  trafficText,
} from '../../model/suggestion-words.ts'
import { useMay, usePath } from '../../queries/workspace.tsx'
import { SliSparkline } from '../charts/lazy-charts.ts'

/** One suggestion: what it promises, the days behind it, how the target came about, and the way to the form. */
export function SuggestionCard({ suggestion, serviceId }: { suggestion: SloSuggestion; serviceId: string }) {
  const titleId = useId()
  const { name, aspect, target, window, evidence, threshold, reason, warnings, coveredBy } = suggestion
  return (
    <article className="suggestion" data-covered={coveredBy !== null || undefined} aria-labelledby={titleId}>
      <header className="suggestion-head">
        <div>
          <span className="meta">{ASPECT_WORDS[aspect]}</span>
          <h3 id={titleId}>{name}</h3>
        </div>
        <div className="suggestion-target">
          <strong className="num">{formatTarget(target)}</strong>
          <span className="meta">over {windowText(window)}</span>
        </div>
      </header>
      <figure className="suggestion-days" aria-label={`SLI by day. ${dailyGist(suggestion)}`}>
        <Suspense fallback={<Skeleton height={64} />}>
          <SliSparkline days={evidence.days} target={target} />
        </Suspense>
        <figcaption className="meta">
          <span>
            <i className="suggestion-line" aria-hidden /> SLI by day
          </span>
          <span>
            <i className="suggestion-line dashed" aria-hidden /> target
          </span>
          <span className="num">worst {formatRatio(evidence.worstDay?.sli)}</span>
          <span className="num">median {formatRatio(evidence.medianDay)}</span>
        </figcaption>
      </figure>
      <Facts suggestion={suggestion} />
      {threshold !== null && <p className="suggestion-text">{threshold.reason}</p>}
      <p className="suggestion-text">{reason}</p>
      {warnings.map((warning) => (
        <p key={warning} className="suggestion-warning">
          <IconAlertTriangle size={14} aria-hidden /> <span>{warning}</span>
        </p>
      ))}
      <Measure suggestion={suggestion} />
      <Footer suggestion={suggestion} serviceId={serviceId} />
    </article>
  )
}

function Facts({ suggestion: { evidence } }: { suggestion: SloSuggestion }) {
  return (
    <dl className="suggestion-facts">
      <div>
        <dt>SLI</dt>
        <dd className="num">{formatRatio(evidence.sli)}</dd>
        <dd className="meta num">{countsText(evidence)}</dd>
      </div>
      <div>
        <dt>Budget it would leave</dt>
        <dd className="num">{formatBudget(evidence.budgetRemaining)}</dd>
        <dd className="meta num">allows {formatCount(evidence.budgetEvents)} bad events</dd>
      </div>
      <div>
        <dt>Default rules</dt>
        <dd className={evidence.pages > 0 ? 'num is-warn' : 'num'}>{ruleText(evidence)}</dd>
        <dd className="meta">in this time</dd>
      </div>
      <div>
        <dt>Traffic</dt>
        <dd className="num">{trafficText(evidence.eventsPerHour)}</dd>
        <dd className="meta num">
          {evidence.daysWithEvents === 1 ? '1 day' : `${evidence.daysWithEvents} days`},{' '}
          {formatRatio(evidence.coverage, 0)} measured
        </dd>
      </div>
    </dl>
  )
}

function Measure({ suggestion: { sli, source, alternatives, threshold } }: { suggestion: SloSuggestion }) {
  return (
    <details className="suggestion-measure">
      <summary>What is measured</summary>
      <p>
        <code className="wrap-anywhere">{describeSli(sli)}</code>
      </p>
      {threshold !== null && threshold.quantiles.length > 0 && (
        <p className="num">
          {threshold.quantiles.map((one) => (
            <span key={one.quantile} className="suggestion-quantile">
              {quantileText(one, threshold.unit)}
            </span>
          ))}
        </p>
      )}
      <p className="meta wrap-anywhere">
        From {source}.{alternatives.length > 0 && ` The same could be measured by ${alternatives.join('; ')}.`}
      </p>
    </details>
  )
}

function Footer({ suggestion, serviceId }: { suggestion: SloSuggestion; serviceId: string }) {
  const path = usePath()
  const mayEdit = useMay('editor')
  const { coveredBy } = suggestion
  const review = (
    <Button
      component={Link}
      variant={coveredBy === null ? 'filled' : 'default'}
      to={searchLink(path('/slos/new'), { draft: draftOfSuggestion(suggestion, serviceId) })}
      aria-label={`Review and create: ${suggestion.name}`}
    >
      {coveredBy === null ? 'Review and create' : 'Create all the same'}
    </Button>
  )
  return (
    <footer className="suggestion-foot">
      {coveredBy !== null && (
        <p>
          Covered by <Link to={path(`/slos/${coveredBy.id}`)}>{coveredBy.name}</Link>, {formatTarget(coveredBy.target)}
          {coveredBy.same ? '' : ', which measures it by other telemetry'}.
        </p>
      )}
      {mayEdit && review}
    </footer>
  )
}
