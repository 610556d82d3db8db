import type { BacktestReport } from '@nines/contracts'
import { measuredSpan } from '../../model/backtest-words.ts'
import { formatDuration } from '../../model/format-duration.ts'
import { formatInstant } from '../../model/format-time.ts'
import { useClock } from '../../queries/use-clock.tsx'

interface Mark {
  from: number
  to: number
  tone: 'page' | 'ticket' | 'gap' | 'corrected'
  text: string
}

/** A lane a rule with the moments at which it had fired, and below what was not measured. */
export function BacktestStrip({ report }: { report: BacktestReport }) {
  const { zone } = useClock()
  const { rules, coverage, corrected } = report
  const shown = measuredSpan(report)
  const { from, to } = shown
  const span = (start: number, end: number) =>
    `${formatInstant(start, zone, 'minute')}, for ${formatDuration((end - start) / 1000)}`
  const lanes = rules.map((rule) => ({
    name: rule.name,
    count: rule.count,
    marks: rule.fired.map((alert): Mark => {
      const end = alert.resolvedAt ?? to
      return { from: alert.firedAt, to: end, tone: rule.action, text: `${rule.name}: ${span(alert.firedAt, end)}` }
    }),
  }))
  const gaps = coverage.gaps
    .filter((gap) => gap.to > from)
    .map((gap): Mark => ({
      ...gap,
      tone: 'gap',
      text: `not measured: ${span(gap.from, gap.to)}`,
    }))
  const corrections = corrected.spans.map(({ effect, ...one }): Mark => {
    const what = effect === 'exclude' ? 'left out' : 'counted as good'
    // A business week's rest may reach beyond what is shown.
    const [start, end] = [Math.max(one.from, from), Math.min(one.to, to)]
    return { from: start, to: end, tone: 'corrected', text: `${what}: ${span(start, end)}` }
  })
  return (
    <div className="lanes">
      {lanes.map((lane) => (
        <Lane key={lane.name} {...lane} shown={shown} />
      ))}
      {corrections.length > 0 && <Lane name="corrected" marks={corrections} shown={shown} />}
      {gaps.length > 0 && <Lane name="not measured" marks={gaps} shown={shown} />}
      <div className="lane-ends meta">
        <span>{formatInstant(from, zone, 'date')}</span>
        <span>{formatInstant(to, zone, 'date')}</span>
      </div>
    </div>
  )
}

function Lane({
  name,
  count,
  marks,
  shown,
}: {
  name: string
  count?: number
  marks: Mark[]
  shown: { from: number; to: number }
}) {
  const { from, to } = shown
  const share = (at: number) => `${((at - from) / (to - from)) * 100}%`
  return (
    <div className="lane">
      <span className="lane-name" title={name}>
        {name}
      </span>
      <figure className="lane-track" aria-label={`${name}: ${marks.map((mark) => mark.text).join('; ') || 'never'}`}>
        {marks.map((mark) => (
          <i
            key={mark.from}
            className={`lane-mark ${mark.tone}`}
            title={mark.text}
            style={{ left: share(mark.from), width: `max(3px, ${share(from + mark.to - mark.from)})` }}
          />
        ))}
      </figure>
      <span className="lane-count num">{count === undefined ? '' : `${count}×`}</span>
    </div>
  )
}
