import { countLogs } from '@nines/contracts'
import { Skeleton } from '@mantine/core'
import { Suspense } from 'react'
import { formatCount } from '../../model/format-number.ts'
import { formatWindow } from '../../model/format-duration.ts'
import { bucketSeconds, countBuckets, fillBuckets } from '../../model/log-buckets.ts'
import { logFilterOf, type LogsSearch } from '../../model/logs-search.ts'
import { SEVERITIES, SEVERITY_LOOKS } from '../../model/log-severity.ts'
import { spanBody, type Span } from '../../model/span-search.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { useClock } from '../../queries/use-clock.tsx'
import { LogHistogramChart } from '../charts/lazy-charts.ts'
import { Panel } from '../panel.tsx'
import { Failure } from '../query-view.tsx'

interface LogHistogramPanelProps {
  search: LogsSearch
  span: Span
  onZoom: (span: Span) => void
}

/** How many records there were, and when, by severity. */
export function LogHistogramPanel({ search, span, onZoom }: LogHistogramPanelProps) {
  const { zone } = useClock()
  const stepSeconds = bucketSeconds(span)
  const counts = useApiQuery(
    countLogs,
    { body: { ...logFilterOf(search), ...spanBody(span), stepSeconds } },
    { keepPrevious: true },
  )
  if (counts.data === undefined) {
    if (!counts.isError) return <Skeleton height={190} radius="lg" mb={16} />
    return (
      <div style={{ marginBottom: 16 }}>
        <Failure what="Records could not be counted." error={counts.error} onRetry={() => void counts.refetch()} />
      </div>
    )
  }
  const buckets = fillBuckets(counts.data.items, span, stepSeconds)
  const sums = countBuckets(buckets)
  // That there are none is said below, once.
  if (sums.all === 0) return null
  const shown = SEVERITIES.filter((severity) => sums[severity] > 0)
  return (
    <Panel
      className="log-histogram"
      flush
      title={
        <>
          {formatCount(sums.all)} {sums.all === 1 ? 'record' : 'records'}
        </>
      }
      actions={
        <div className="legend">
          {[...shown].reverse().map((severity) => (
            <span key={severity} className="num">
              <i className="block" style={{ background: SEVERITY_LOOKS[severity].colour }} />
              {SEVERITY_LOOKS[severity].label} {formatCount(sums[severity])}
            </span>
          ))}
          <span className="muted">a bar is {formatWindow(stepSeconds)}</span>
        </div>
      }
    >
      <figure className="chart-box" style={{ margin: 0 }} aria-label={`Log records over time, ${sums.all} in all`}>
        <Suspense fallback={<Skeleton height={124} ml={14} mb={8} width="auto" />}>
          <LogHistogramChart buckets={buckets} shown={shown} stepMs={stepSeconds * 1000} zone={zone} onZoom={onZoom} />
        </Suspense>
      </figure>
    </Panel>
  )
}
