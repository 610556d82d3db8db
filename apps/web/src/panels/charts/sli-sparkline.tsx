import type { SloSuggestion } from '@nines/contracts'
import { Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { formatCount } from '../../model/format-number.ts'
import { formatRatio } from '../../model/format-ratio.ts'
import { formatInstant } from '../../model/format-time.ts'
import { loneDots } from './lone-dots.tsx'
import type { TipProps } from './time-frame.tsx'

type Day = SloSuggestion['evidence']['days'][number]

/** The SLI of each day (UTC) against the target; days without events are gaps. */
export function SliSparkline({ days, target }: { days: readonly Day[]; target: number }) {
  const lowest = Math.min(target, ...days.flatMap(({ sli }) => (sli === null ? [] : [sli])))
  const room = Math.max(1 - lowest, 1e-6) * 0.12
  return (
    <ResponsiveContainer width="100%" height={64}>
      <LineChart data={[...days]} margin={{ top: 4, right: 6, bottom: 4, left: 6 }} accessibilityLayer>
        <XAxis dataKey="at" hide type="number" domain={['dataMin', 'dataMax']} />
        <YAxis hide domain={[lowest - room, 1 + room]} />
        <Tooltip isAnimationActive={false} content={<Tip />} />
        <ReferenceLine y={target} stroke="var(--ink-3)" strokeDasharray="4 3" />
        <Line
          dataKey="sli"
          stroke="var(--chart-1)"
          strokeWidth={1.8}
          dot={loneDots(days, ({ sli }) => sli)}
          isAnimationActive={false}
        />
      </LineChart>
    </ResponsiveContainer>
  )
}

function Tip({ active, payload }: TipProps<Day>) {
  const day = payload?.[0]?.payload
  if (active !== true || day === undefined) return null
  return (
    <div className="chart-tip">
      <strong className="num">{formatInstant(day.at, 'UTC', 'day')} UTC</strong>
      <dl>
        <dt>SLI</dt>
        <dd>{formatRatio(day.sli)}</dd>
        <dt>Bad events</dt>
        <dd>{formatCount(day.total - day.good)}</dd>
        <dt>All events</dt>
        <dd>{formatCount(day.total)}</dd>
      </dl>
    </div>
  )
}
