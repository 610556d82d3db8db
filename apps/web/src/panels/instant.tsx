import { Tooltip } from '@mantine/core'
import { formatAgo } from '../model/format-duration.ts'
import { formatInstant, zoneOf, type TimeStyle } from '../model/format-time.ts'
import { useClock, useNow } from '../queries/use-clock.tsx'

interface InstantProps {
  at: string | number | null | undefined
  format?: TimeStyle
  /** Shows how long ago instead of the clock time, which then stands in the tooltip. */
  ago?: boolean
}

/** A point in time in the chosen zone, always with the zone; the tooltip has the other zone and the distance. */
export function Instant({ at, format = 'second', ago = false }: InstantProps) {
  const clock = useClock()
  const now = useNow()
  if (at === null || at === undefined) return <span className="muted">–</span>
  const ms = typeof at === 'number' ? at : Date.parse(at)
  const other = zoneOf(clock.mode === 'utc' ? 'local' : 'utc')
  const full = formatInstant(ms, clock.zone, 'full')
  const shown = ago ? formatAgo(ms, now) : formatInstant(ms, clock.zone, format)
  return (
    <Tooltip
      label={[full, other === clock.zone ? null : formatInstant(ms, other, 'full'), formatAgo(ms, now)]
        .filter(Boolean)
        .join(' · ')}
    >
      <time className="num" dateTime={new Date(ms).toISOString()}>
        {shown}
      </time>
    </Tooltip>
  )
}
