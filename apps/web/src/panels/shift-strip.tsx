import { deleteOverride, listShifts, type ScheduleDto } from '@nines/contracts'
import { ActionIcon } from '@mantine/core'
import { IconArrowsExchange, IconX } from '@tabler/icons-react'
import { formatBare, formatInstant, zoneOf } from '../model/format-time.ts'
import { initials, startOfDay, stripBlocks, stripDays } from '../model/shift-strip.ts'
import { useApiMutation, useApiQuery } from '../queries/use-api.ts'
import { useNow } from '../queries/use-clock.tsx'
import { useMay } from '../queries/workspace.tsx'
import { ListSkeleton, QueryView } from './query-view.tsx'

const DAYS = 28

interface NamedShift {
  userId: string
  userName: string
  startsAt: number
  endsAt: number
  override: boolean
}

/** Four weeks of final shifts: a strip over the days of the schedule's zone, then the list in that zone and in yours. */
export function ShiftStrip({ schedule }: { schedule: ScheduleDto }) {
  const now = useNow(60_000)
  const zone = schedule.rotation.timeZone
  const days = stripDays(startOfDay(now, zone), DAYS, zone)
  const from = days[0]?.at ?? now
  const to = from + DAYS * 86_400_000
  const dayOf = (index: number) => formatBare(days[index]?.at ?? from, zone, 'number')
  /** The month stands with the first day and with every first of a month; its text reaches into the day after. */
  const namesMonth = (index: number) => index === 0 || (index > 1 && dayOf(index) === '1')
  const shifts = useApiQuery(
    listShifts,
    { params: { id: schedule.id }, query: { from: new Date(from).toISOString(), to: new Date(to).toISOString() } },
    { keepPrevious: true },
  )
  return (
    <QueryView query={shifts} name="The shifts" skeleton={<ListSkeleton rows={2} height={60} />}>
      {({ items }) => (
        <>
          <section
            className="strip"
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by keyboard
            tabIndex={0}
            aria-label={`Coming four weeks of ${schedule.name}, days in ${zone}`}
          >
            <div className="strip-inner">
              {days.map((day, index) => (
                <div
                  key={day.at}
                  className={`strip-day ${day.weekend ? 'weekend' : ''} ${namesMonth(index) ? 'named' : ''}`}
                  style={{ left: `${day.left * 100}%`, width: `${day.width * 100}%` }}
                >
                  {namesMonth(index) ? formatBare(day.at, zone, 'date') : namesMonth(index - 1) ? '' : dayOf(index)}
                </div>
              ))}
              {stripBlocks(items, from, to).map(({ shift, left, width }) => (
                <div
                  key={shift.startsAt}
                  title={`${shift.userName}, ${formatInstant(shift.startsAt, zone, 'minute')} to ${formatInstant(shift.endsAt, zone, 'minute')}`}
                  className={`strip-block ${width > 0.1 ? '' : 'narrow'} ${shift.startsAt <= now && shift.endsAt > now ? 'current' : ''} ${shift.override ? 'override' : ''}`}
                  style={{ left: `${left * 100}%`, width: `calc(${width * 100}% - 2px)` }}
                >
                  {width > 0.1 ? shift.userName : initials(shift.userName)}
                </div>
              ))}
              <div className="strip-now" style={{ left: `${((now - from) / (to - from)) * 100}%` }} title="Now" />
            </div>
          </section>
          <ShiftTable schedule={schedule} shifts={items} now={now} />
        </>
      )}
    </QueryView>
  )
}

function ShiftTable({ schedule, shifts, now }: { schedule: ScheduleDto; shifts: readonly NamedShift[]; now: number }) {
  const mayOverride = useMay('responder')
  const remove = useApiMutation(deleteOverride)
  const zone = schedule.rotation.timeZone
  const local = zoneOf('local')
  const overrideOf = (shift: NamedShift) =>
    shift.override
      ? schedule.overrides.find(
          (o) =>
            o.user.id === shift.userId &&
            Date.parse(o.startsAt) <= shift.startsAt &&
            Date.parse(o.endsAt) >= shift.endsAt,
        )
      : undefined
  return (
    <div className="mini-scroll" style={{ borderTop: '1px solid var(--line)' }}>
      <table className="mini-table" aria-label={`Shifts of ${schedule.name}`}>
        <thead>
          <tr>
            <th>Who</th>
            <th>From ({zone})</th>
            <th>To ({zone})</th>
            {local !== zone && <th>From, yours ({local})</th>}
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {shifts.slice(0, 6).map((shift) => {
            const override = overrideOf(shift)
            return (
              <tr key={shift.startsAt}>
                <th scope="row">
                  {shift.userName} {shift.startsAt <= now && shift.endsAt > now && <span className="badge">Now</span>}{' '}
                  {shift.override && (
                    <span className="badge">
                      <IconArrowsExchange size={13} aria-hidden /> Override
                    </span>
                  )}
                </th>
                <td className="num">{formatBare(shift.startsAt, zone, 'minute')}</td>
                <td className="num">{formatBare(shift.endsAt, zone, 'minute')}</td>
                {local !== zone && <td className="num">{formatBare(shift.startsAt, local, 'minute')}</td>}
                <td className="right">
                  {override !== undefined && mayOverride && (
                    <ActionIcon
                      aria-label={`Remove the override of ${shift.userName}`}
                      loading={remove.isPending}
                      onClick={() => remove.mutate({ params: { id: override.id } })}
                    >
                      <IconX size={15} />
                    </ActionIcon>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
