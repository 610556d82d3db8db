import type { SloHistory } from '@nines/contracts'
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { axisTicks, axisTop, spaced } from '../../model/axis-ticks.ts'
import { formatBurn, formatFactor } from '../../model/format-number.ts'
import { changeMarks } from './change-marks.tsx'
import { loneDots } from './lone-dots.tsx'
import { AXIS, CHART_HEIGHT, CHART_MARGIN, ChartTip, GRID, timeAxis, type TipProps } from './time-frame.tsx'

interface BurnRateProps {
  history: SloHistory
  from: number
  to: number
  zone: string
  /** Factors of the enabled rules, drawn as lines. */
  thresholds: readonly number[]
}

/** Burn over the last hour and five minutes, against the thresholds. Marks stand where an alert fired. */
export function BurnRateChart({ history, from, to, zone, thresholds }: BurnRateProps) {
  const peak = Math.max(1, ...history.points.map((point) => Math.max(point.burn1h ?? 0, point.burn5m ?? 0)))
  const shown = [...new Set(thresholds)].filter((factor) => factor <= Math.max(peak * 1.6, 6))
  const highest = Math.max(peak, ...shown)
  const ticks = axisTicks(0, highest)
  // The name of a threshold stands above its line.
  const top = axisTop(ticks, highest, 0.12)
  const labelled = spaced(shown, top)
  return (
    <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
      <LineChart data={history.points} margin={{ ...CHART_MARGIN, top: 18 }} accessibilityLayer>
        <CartesianGrid {...GRID} />
        <XAxis {...timeAxis(from, to, zone)} />
        <YAxis {...AXIS} width={64} ticks={ticks} domain={[0, top]} interval={0} tickFormatter={formatFactor} />
        <Tooltip isAnimationActive={false} content={<Tip zone={zone} />} />
        {shown.map((factor) => (
          <ReferenceLine
            key={factor}
            y={factor}
            stroke="var(--ink-3)"
            strokeDasharray="4 3"
            label={
              labelled.includes(factor)
                ? { value: formatFactor(factor), position: 'insideTopLeft', fill: 'var(--ink-2)', fontSize: 11 }
                : undefined
            }
          />
        ))}
        {history.alerts
          .filter((alert) => alert.firedAt >= from && alert.firedAt <= to)
          .map((alert) => (
            <ReferenceLine
              key={alert.id}
              x={alert.firedAt}
              stroke="var(--bad)"
              strokeWidth={1.5}
              label={{ value: '▼', position: 'top', offset: 2, fill: 'var(--bad)', fontSize: 10 }}
            />
          ))}
        {changeMarks(history.changes, from, to)}
        <Line
          dataKey="burn5m"
          stroke="var(--chart-2)"
          strokeWidth={1}
          dot={loneDots(history.points, (point) => point.burn5m)}
          isAnimationActive={false}
        />
        <Line
          dataKey="burn1h"
          stroke="var(--chart-1)"
          strokeWidth={1.8}
          dot={loneDots(history.points, (point) => point.burn1h)}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  )
}

function Tip({ active, payload, zone }: TipProps<SloHistory['points'][number]> & { zone: string }) {
  const point = payload?.[0]?.payload
  if (active !== true || point === undefined) return null
  return (
    <ChartTip
      at={point.at}
      zone={zone}
      rows={[
        ['Burn over 1 h', formatBurn(point.burn1h)],
        ['Burn over 5 min', formatBurn(point.burn5m)],
      ]}
    />
  )
}
