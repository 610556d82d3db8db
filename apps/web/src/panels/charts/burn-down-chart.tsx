import type { SloHistory } from '@nines/contracts'
import {
  Area,
  CartesianGrid,
  ComposedChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { axisTicks, axisTop } from '../../model/axis-ticks.ts'
import { formatCount } from '../../model/format-number.ts'
import { formatBudget } from '../../model/format-ratio.ts'
import { changeMarks, changeRows } from './change-marks.tsx'
import { loneDots } from './lone-dots.tsx'
import { AXIS, CHART_HEIGHT, CHART_MARGIN, ChartTip, GRID, timeAxis, type TipProps } from './time-frame.tsx'

interface BurnDownProps {
  history: SloHistory
  from: number
  to: number
  zone: string
}

/** Budget left over time. Spans with an open alert are shaded; the zero line is where the budget is spent. */
export function BurnDownChart({ history, from, to, zone }: BurnDownProps) {
  const values = history.points.flatMap((point) => (point.budgetRemaining === null ? [] : [point.budgetRemaining]))
  const highest = Math.max(0.05, ...values)
  const ticks = axisTicks(Math.min(0, ...values), highest)
  return (
    <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
      <ComposedChart data={history.points} margin={CHART_MARGIN} accessibilityLayer>
        <CartesianGrid {...GRID} />
        <XAxis {...timeAxis(from, to, zone)} />
        <YAxis
          {...AXIS}
          width={64}
          ticks={ticks}
          domain={[ticks[0] ?? 0, axisTop(ticks, highest)]}
          interval={0}
          tickFormatter={(value: number) => `${Number((value * 100).toPrecision(6))} %`.replace('-', '−')}
        />
        <Tooltip isAnimationActive={false} content={<Tip zone={zone} history={history} />} />
        {history.corrected.map((span) => (
          <ReferenceArea
            key={span.from}
            x1={Math.max(from, span.from)}
            x2={Math.min(to, span.to)}
            fill="var(--idle)"
            fillOpacity={0.15}
            stroke="none"
          />
        ))}
        {history.alerts.map((alert) => (
          <ReferenceArea
            key={alert.id}
            x1={Math.max(from, alert.firedAt)}
            x2={Math.min(to, alert.resolvedAt ?? to)}
            fill="var(--bad)"
            fillOpacity={0.1}
            stroke="none"
          />
        ))}
        <ReferenceLine y={0} stroke="var(--bad)" strokeDasharray="4 3" />
        {changeMarks(history.changes, from, to)}
        <Area
          dataKey="budgetRemaining"
          type="linear"
          connectNulls={false}
          stroke="var(--chart-1)"
          strokeWidth={1.6}
          fill="var(--chart-1)"
          fillOpacity={0.08}
          isAnimationActive={false}
          dot={loneDots(history.points, (point) => point.budgetRemaining)}
          activeDot={{ r: 3 }}
        />
      </ComposedChart>
    </ResponsiveContainer>
  )
}

type Point = SloHistory['points'][number]

function Tip({ active, payload, zone, history }: TipProps<Point> & { zone: string; history: SloHistory }) {
  const point = payload?.[0]?.payload
  if (active !== true || point === undefined) return null
  return (
    <ChartTip
      at={point.at}
      zone={zone}
      rows={[
        ['Budget left', formatBudget(point.budgetRemaining)],
        ['Bad events', formatCount(point.total - point.good)],
        ['Events', formatCount(point.total)],
        ...changeRows(history.changes, point.at, history.stepSeconds),
      ]}
    />
  )
}
