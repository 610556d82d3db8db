import { backtestSlo, windowText, type BacktestInput, type BacktestReport } from '@nines/contracts'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo } from 'react'
import { backtestGist, describeAlerts, measuredSpan, replayedText } from '../../model/backtest-words.ts'
import { formatDuration } from '../../model/format-duration.ts'
import { formatCount } from '../../model/format-number.ts'
import { formatBudget, formatRatio, formatTarget } from '../../model/format-ratio.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { useClock } from '../../queries/use-clock.tsx'
import { BurnDownChart } from '../charts/lazy-charts.ts'
import { ChartPanel } from '../chart-panel.tsx'
import { Instant } from '../instant.tsx'
import { Panel } from '../panel.tsx'
import { ListSkeleton, QueryView } from '../query-view.tsx'
import { BacktestMoments } from './backtest-moments.tsx'
import { BacktestStrip } from './backtest-strip.tsx'

const SETTLED_AFTER_MS = 500

const CORRECTED = { name: 'corrected', colour: 'color-mix(in srgb, var(--idle) 25%, transparent)', block: true }

interface BacktestPanelProps {
  /** null while the form lacks something. A new draft replaces the question that is still being answered. */
  draft: BacktestInput | null
  of?: 'SLO' | 'rule'
}

/** What a draft would have done over the last 90 days: when it had alerted and what it had cost, before it is saved. */
export function BacktestPanel({ draft, of = 'SLO' }: BacktestPanelProps) {
  const asked = draft === null ? '' : JSON.stringify(draft)
  const [settled] = useDebouncedValue(asked, SETTLED_AFTER_MS)
  const body = useMemo(() => (settled === '' ? null : (JSON.parse(settled) as BacktestInput)), [settled])
  const report = useApiQuery(
    backtestSlo,
    { body: body as BacktestInput },
    { enabled: body !== null, keepPrevious: true, asksOnce: true },
  )
  if (asked === '' || body === null) {
    return (
      <Panel title="Last 90 days">
        <p className="muted">
          {draft === null && report.data === undefined
            ? `Once the ${of} is complete, this shows when it would have paged and what it would have spent.`
            : 'Something is missing in the form.'}
        </p>
      </Panel>
    )
  }
  const unit = body.sli.kind === 'time_slices' || body.sli.kind === 'ratio_time_slices' ? 'slices' : 'events'
  const isOutdated = settled !== asked || report.isPlaceholderData || (report.isFetching && report.isError)
  return (
    <QueryView query={report} name="The backtest" skeleton={<Counting />}>
      {(data) => (
        <div className="stack backtest" aria-busy={isOutdated} data-outdated={isOutdated || undefined}>
          <Verdict report={data} of={of} unit={unit} isOutdated={isOutdated} />
          {data.budget.lowest !== null && <BudgetChart report={data} />}
        </div>
      )}
    </QueryView>
  )
}

function Counting() {
  return (
    <Panel title="Last 90 days">
      <p className="muted">Counting what is stored, minute by minute. The first time takes some seconds.</p>
      <ListSkeleton rows={2} height={40} />
    </Panel>
  )
}

interface VerdictProps {
  report: BacktestReport
  of: string
  unit: 'slices' | 'events'
  isOutdated: boolean
}

function Verdict({ report, of, unit, isOutdated }: VerdictProps) {
  const { coverage, corrected, budget, sli, limits } = report
  return (
    <Panel
      title={`If this ${of} had been there`}
      actions={
        <span className="meta" aria-live="polite">
          {isOutdated ? 'Counting again …' : ''}
        </span>
      }
      note={
        <>
          Every minute evaluated as live, with what had ended by then, under today’s corrections. Live alerts may come
          up to a minute earlier; late data is counted where it belongs.
          {limits.map((limit) => (
            <span key={limit} className="backtest-limit">
              {limit}
            </span>
          ))}
        </>
      }
    >
      <p className="backtest-verdict" aria-live="polite">
        Over {replayedText(measuredSpan(report))} it would have <strong>{describeAlerts(report)}</strong>.
      </p>
      <BacktestStrip report={report} />
      <dl className="facts backtest-facts">
        <dt>SLI</dt>
        <dd className="num">
          <span className={sli !== null && sli < report.target ? 'is-bad' : ''}>{formatRatio(sli)}</span>{' '}
          <span className="muted">target {formatTarget(report.target)}</span>
        </dd>
        <dt>Lowest budget</dt>
        <dd className="num">
          {budget.lowest === null ? (
            '–'
          ) : (
            <>
              <span className={budget.lowest.remaining <= 0 ? 'is-bad' : ''}>
                {formatBudget(budget.lowest.remaining)}
              </span>{' '}
              <span className="muted">
                left, <Instant at={budget.lowest.at} format="minute" />
              </span>
            </>
          )}
        </dd>
        <dt>Nothing left</dt>
        <dd className="num">{budget.spentSeconds === 0 ? 'never' : `for ${formatDuration(budget.spentSeconds)}`}</dd>
        {corrected.minutes > 0 && (
          <>
            <dt>Corrections</dt>
            <dd className="num">
              {formatCount(corrected.badEvents)} <span className="muted">bad {unit} kept out of</span>{' '}
              {formatDuration(corrected.minutes * 60)}
            </dd>
          </>
        )}
        <dt>Measured</dt>
        <dd className="num">
          {formatRatio(coverage.share, 1)} <span className="muted">of the minutes</span>
        </dd>
      </dl>
      <BacktestMoments report={report} />
    </Panel>
  )
}

function BudgetChart({ report }: { report: BacktestReport }) {
  const clock = useClock()
  const span = measuredSpan(report)
  const history = useMemo(() => historyOf(report), [report])
  return (
    <ChartPanel
      title="Error budget it would have left"
      gist={backtestGist(report)}
      series={[
        { name: `left of the budget of the ${windowText(report.window)}`, colour: 'var(--chart-1)' },
        { name: 'paging', colour: 'color-mix(in srgb, var(--bad) 25%, transparent)', block: true },
        ...(report.corrected.spans.length === 0 ? [] : [CORRECTED]),
      ]}
    >
      <BurnDownChart history={history} {...span} zone={clock.zone} />
    </ChartPanel>
  )
}

/** The report in the form that the burn-down of a saved SLO has. */
function historyOf(report: BacktestReport) {
  const { budget, rules } = report
  return {
    stepSeconds: budget.stepSeconds,
    changes: [],
    corrected: report.corrected.spans,
    points: budget.points
      .filter(({ at }) => at > measuredSpan(report).from)
      .map(({ remaining, ...point }) => ({
        ...point,
        budgetRemaining: remaining,
        burn1h: null,
        burn5m: null,
      })),
    alerts: rules
      .filter((rule) => rule.action === 'page')
      .flatMap((rule) =>
        rule.fired.map((alert) => ({ ...alert, id: `${rule.name} ${alert.firedAt}`, severity: rule.severity })),
      ),
  }
}
