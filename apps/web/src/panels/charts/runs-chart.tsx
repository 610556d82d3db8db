import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { axisTicks, axisTop } from '../../model/axis-ticks.ts'
import { formatBare, formatInstant } from '../../model/format-time.ts'
import { formatMillis } from '../../model/format-number.ts'
import { PHASES, type RunPoint } from '../../model/run-phases.ts'
import { AXIS, CHART_HEIGHT, CHART_MARGIN, ChartTip, GRID, type TipProps } from './time-frame.tsx'

/** One bar a run, split by phase; a failed run is one red bar. Bars are in order, not to the scale of time. */
export function RunsChart({ points, zone }: { points: RunPoint[]; zone: string }) {
  const top = Math.max(...points.map((point) => (point.ok ? point.total : point.failed)))
  const ticks = axisTicks(0, top, 4)
  return (
    <ResponsiveContainer width="100%" height={CHART_HEIGHT}>
      <BarChart data={points} margin={CHART_MARGIN} barCategoryGap="12%" accessibilityLayer>
        <CartesianGrid {...GRID} />
        <XAxis
          {...AXIS}
          dataKey="at"
          minTickGap={60}
          tickFormatter={(at: number) => formatBare(at, zone, 'clock').slice(0, 5)}
        />
        <YAxis
          {...AXIS}
          width={64}
          ticks={ticks}
          domain={[0, axisTop(ticks, top)]}
          interval={0}
          tickFormatter={(value: number) => formatMillis(value).replace('.0', '')}
        />
        <Tooltip isAnimationActive={false} cursor={{ fill: 'var(--hover)' }} content={<Tip zone={zone} />} />
        {PHASES.map((phase, index) => (
          <Bar
            key={phase.key}
            dataKey={phase.key}
            stackId="run"
            fill={`var(--phase-${index + 1})`}
            isAnimationActive={false}
          />
        ))}
        <Bar dataKey="failed" stackId="run" fill="var(--bad)" isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  )
}

function Tip({ active, payload, zone }: TipProps<RunPoint> & { zone: string }) {
  const run = payload?.[0]?.payload
  if (active !== true || run === undefined) return null
  if (!run.ok) {
    return (
      <div className="chart-tip">
        <strong className="num">{formatInstant(run.at, zone)}</strong>
        <div className="is-bad">
          Failed after {formatMillis(run.total)} from {run.location}
        </div>
      </div>
    )
  }
  return (
    <ChartTip
      at={run.at}
      zone={zone}
      rows={[
        ...PHASES.map((phase): [string, string] => [phase.label, formatMillis(run[phase.key])]),
        ['Total', formatMillis(run.total)],
        ['Location', run.location],
      ]}
    />
  )
}
