import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatCompact, formatCount } from '../../model/format-number.ts'
import { AXIS, CHART_MARGIN, ChartTip, GRID, timeAxis, type TipProps } from './time-frame.tsx'

export interface EventMinute {
  at: number
  good: number
  bad: number
}

/** Good and bad events per minute, stacked. */
export function EventsChart({ minutes, zone }: { minutes: EventMinute[]; zone: string }) {
  const from = minutes[0]?.at ?? 0
  const to = (minutes.at(-1)?.at ?? 0) + 60_000
  return (
    <ResponsiveContainer width="100%" height={180}>
      <BarChart data={minutes} margin={CHART_MARGIN} barCategoryGap="12%" accessibilityLayer>
        <CartesianGrid {...GRID} />
        <XAxis {...timeAxis(from, to, zone)} />
        <YAxis {...AXIS} width={52} tickFormatter={formatCompact} allowDecimals={false} />
        <Tooltip isAnimationActive={false} cursor={{ fill: 'var(--hover)' }} content={<Tip zone={zone} />} />
        <Bar dataKey="good" stackId="events" fill="var(--chart-1)" fillOpacity={0.55} isAnimationActive={false} />
        <Bar dataKey="bad" stackId="events" fill="var(--bad)" isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  )
}

function Tip({ active, payload, zone }: TipProps<EventMinute> & { zone: string }) {
  const minute = payload?.[0]?.payload
  if (active !== true || minute === undefined) return null
  return (
    <ChartTip
      at={minute.at}
      zone={zone}
      rows={[
        ['Good', formatCount(minute.good)],
        ['Bad', formatCount(minute.bad)],
      ]}
    />
  )
}
