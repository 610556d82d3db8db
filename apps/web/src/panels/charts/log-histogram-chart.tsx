import { useState } from 'react'
import { Bar, BarChart, CartesianGrid, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { LogBucket } from '../../model/log-buckets.ts'
import { formatCompact, formatCount } from '../../model/format-number.ts'
import { SEVERITIES, SEVERITY_LOOKS, type LogSeverity } from '../../model/log-severity.ts'
import type { Span } from '../../model/span-search.ts'
import { AXIS, CHART_MARGIN, ChartTip, GRID, timeAxis, type TipProps } from './time-frame.tsx'

interface LogHistogramProps {
  buckets: LogBucket[]
  /** Severities that occur, the least severe first: those lie at the bottom of a bar. */
  shown: LogSeverity[]
  stepMs: number
  zone: string
  onZoom: (span: Span) => void
}

/** Records over time, stacked by severity. A bar or a stretch of them, drawn with the pointer, becomes the time range. */
export function LogHistogramChart({ buckets, shown, stepMs, zone, onZoom }: LogHistogramProps) {
  const [drawn, setDrawn] = useState<{ from: number; to: number } | null>(null)
  // Bars stand in the middle of their interval.
  const bars = buckets.map((bucket) => ({ ...bucket, middle: bucket.at + stepMs / 2 }))
  const from = buckets[0]?.at ?? 0
  const to = (buckets.at(-1)?.at ?? 0) + stepMs
  const labelOf = (event: { activeLabel?: string | number | undefined }) =>
    event.activeLabel === undefined ? null : Number(event.activeLabel)
  return (
    <ResponsiveContainer width="100%" height={132}>
      <BarChart
        data={bars}
        margin={CHART_MARGIN}
        barCategoryGap="8%"
        accessibilityLayer
        style={{ cursor: 'crosshair', userSelect: 'none' }}
        onMouseDown={(event) => {
          const at = labelOf(event)
          if (at !== null) setDrawn({ from: at, to: at })
        }}
        onMouseMove={(event) => {
          const at = labelOf(event)
          if (drawn !== null && at !== null) setDrawn({ ...drawn, to: at })
        }}
        onMouseLeave={() => setDrawn(null)}
        onMouseUp={() => {
          if (drawn === null) return
          const [first, last] = [Math.min(drawn.from, drawn.to), Math.max(drawn.from, drawn.to)]
          setDrawn(null)
          onZoom({ from: first - stepMs / 2, to: last + stepMs / 2 })
        }}
      >
        <CartesianGrid {...GRID} />
        <XAxis {...timeAxis(from, to, zone)} dataKey="middle" />
        <YAxis {...AXIS} width={46} tickCount={4} tickFormatter={formatCompact} allowDecimals={false} />
        <Tooltip isAnimationActive={false} cursor={{ fill: 'var(--hover)' }} content={<Tip zone={zone} />} />
        {shown.map((severity) => (
          <Bar
            key={severity}
            dataKey={severity}
            stackId="logs"
            fill={SEVERITY_LOOKS[severity].colour}
            isAnimationActive={false}
          />
        ))}
        {drawn !== null && (
          <ReferenceArea
            x1={Math.min(drawn.from, drawn.to) - stepMs / 2}
            x2={Math.max(drawn.from, drawn.to) + stepMs / 2}
            fill="var(--accent)"
            fillOpacity={0.18}
            stroke="none"
          />
        )}
      </BarChart>
    </ResponsiveContainer>
  )
}

function Tip({ active, payload, zone }: TipProps<LogBucket> & { zone: string }) {
  const bucket = payload?.[0]?.payload
  if (active !== true || bucket === undefined) return null
  const counts = SEVERITIES.filter((severity) => bucket[severity] > 0).reverse()
  return (
    <ChartTip
      at={bucket.at}
      zone={zone}
      rows={
        counts.length === 0
          ? [['Records', '0']]
          : counts.map((severity) => [SEVERITY_LOOKS[severity].label, formatCount(bucket[severity])])
      }
    />
  )
}
