import type { ReactNode } from 'react'
import { formatBare, formatInstant, offsetMs } from '../../model/format-time.ts'
import { timeTicks } from '../../model/time-range.ts'

/** Height of a chart in pixels; reserved while its code loads, so that nothing jumps. */
export const CHART_HEIGHT = 220

/** Half of a tick's text reaches beyond the last tick. */
export const CHART_MARGIN = { top: 8, right: 20, bottom: 0, left: 0 }

/** Props of an XAxis over time: round ticks of the zone's clock, days where a day passes. */
export function timeAxis(from: number, to: number, zone: string) {
  const ticks = timeTicks(from, to, 8, offsetMs(from, zone))
  const style = to - from > 2 * 86_400_000 ? 'day' : 'clock'
  return {
    dataKey: 'at',
    type: 'number' as const,
    scale: 'time' as const,
    domain: [from, to] as [number, number],
    ticks,
    interval: 'preserveStartEnd' as const,
    minTickGap: 24,
    tickFormatter: (at: number) => {
      const text = formatBare(at, zone, style)
      return style === 'clock' ? text.slice(0, 5) : text
    },
    ...AXIS,
  }
}

export const AXIS = {
  stroke: 'var(--line-strong)',
  tick: { fill: 'var(--ink-3)', fontSize: 11 },
  tickLine: false,
}
export const GRID = { stroke: 'var(--line)', vertical: false }

/** The box that follows the pointer: the instant with its zone, then name and value in pairs. */
export function ChartTip({ at, zone, rows }: { at: number; zone: string; rows: [name: string, value: ReactNode][] }) {
  return (
    <div className="chart-tip">
      <strong className="num">{formatInstant(at, zone)}</strong>
      <dl>{rows.map(([name, value]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{value}</dd>])}</dl>
    </div>
  )
}

/** What Recharts hands to a tooltip's content, as far as we use it. */
export interface TipProps<T> {
  active?: boolean
  payload?: readonly { payload: T }[]
}
