import { explainSlo, windowText, type ExplainedFigure, type ExplainedObjective, type SloDetail } from '@nines/contracts'
import { Drawer } from '@mantine/core'
import { useState } from 'react'
import { formatDuration } from '../model/format-duration.ts'
import { formatBurn, formatCount } from '../model/format-number.ts'
import { formatBudget, formatRatio, formatTarget } from '../model/format-ratio.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { Instant } from './instant.tsx'
import { ListSkeleton, QueryView } from './query-view.tsx'

interface ExplainDrawerProps {
  slo: SloDetail
  /** The figure that was asked about stands first; null while nobody asks. */
  figure: ExplainedFigure['id'] | null
  onClose: () => void
}

/** How the figures of an SLO came about: formula, inputs, how much of the window was measured, what was revised. */
export function ExplainDrawer({ slo, figure, onClose }: ExplainDrawerProps) {
  return (
    <Drawer opened={figure !== null} onClose={onClose} position="right" size="lg" title="Why these numbers?">
      {figure !== null && <Explanation slo={slo} first={figure} />}
    </Drawer>
  )
}

function Explanation({ slo, first }: { slo: SloDetail; first: ExplainedFigure['id'] }) {
  // Asked once: an explanation that changed while it is read would explain nothing.
  const [query] = useState({})
  const explanation = useApiQuery(explainSlo, { params: { id: slo.id }, query })
  return (
    <QueryView query={explanation} name="The explanation" skeleton={<ListSkeleton rows={5} height={84} />}>
      {({ at, asOf, version, objectives, corrected }) => (
        <div className="stack">
          <p className="muted" style={{ margin: 0 }}>
            Whole minutes up to <Instant at={at} />, as known at <Instant at={asOf} />, by version {version}. The same
            instants give the same numbers for ever.
            {corrected.length > 0 && ` Corrections apply to ${formatCount(corrected.length)} spans of time.`}
          </p>
          {objectives.map((objective) => (
            <ObjectivePart key={`${objective.target} ${windowText(objective.window)}`} {...{ objective, first }} />
          ))}
        </div>
      )}
    </QueryView>
  )
}

function ObjectivePart({ objective, first }: { objective: ExplainedObjective; first: ExplainedFigure['id'] }) {
  const { target, window, coverage, revisions, figures } = objective
  const ordered = [...figures.filter(({ id }) => id === first), ...figures.filter(({ id }) => id !== first)]
  return (
    <section className="stack" style={{ gap: 10 }} aria-label={`Objective ${formatTarget(target)}`}>
      <h3 style={{ margin: '6px 0 0' }}>
        {formatTarget(target)} over {windowText(window)}
      </h3>
      {ordered.map((figure) => (
        <FigurePart key={figure.id} figure={figure} />
      ))}
      <p className="meta" style={{ margin: 0 }}>
        {formatCount(coverage.measured)} of {formatCount(coverage.minutes)} minutes were measured,{' '}
        {formatCount(coverage.withEvents)} of them with events.{' '}
        {revisions.revisedMinutes === 0
          ? 'None was revised.'
          : `${formatCount(revisions.revisedMinutes)} were revised because data came late.`}
      </p>
    </section>
  )
}

function FigurePart({ figure }: { figure: ExplainedFigure }) {
  return (
    <div className="explained-figure">
      <div className="explained-head">
        <strong>{figure.name}</strong>
        <strong className="num">{formatFigure(figure.value, figure.unit, figure.id)}</strong>
      </div>
      <code className="wrap-anywhere">{figure.formula}</code>
      <dl>
        {figure.inputs.map((input) => (
          <div key={input.name}>
            <dt>{input.name}</dt>
            <dd className="num">{formatFigure(input.value, input.unit, input.name)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function formatFigure(value: number | null, unit: string, what: string): string {
  if (value === null) return '–'
  // A budget of 1.43 events is not one of 1.
  if (unit === 'events') return value < 100 ? String(Number(value.toFixed(2))) : formatCount(value)
  if (unit === 's') return formatDuration(value)
  if (unit === 'times') return formatBurn(value)
  if (unit === 'weight') return String(value)
  if (what === 'target') return formatTarget(value)
  return what === 'SLI' || what === 'sli' || what.startsWith('SLI of ') ? formatRatio(value) : formatBudget(value)
}
