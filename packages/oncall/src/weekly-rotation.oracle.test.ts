import { expect, test } from 'vitest'
import { turnAt } from './weekly-rotation.ts'

/**
 * An independent reading of the rule, through Intl instead of Temporal: the handoff is the first instant, on a grid of
 * five minutes, at which the zone's clocks show the local handoff time or later.
 */
const MINUTE = 60_000
const DAY = 86_400_000
const ZONES = Intl.supportedValuesOf('timeZone')

function clockOf(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (at) => format.format(at)
}

function firstInstantByScan(clock: (at: number) => string, local: string): number {
  const guess = Date.parse(`${local.replace(' ', 'T')}Z`)
  let lower = guess - 15 * 3600_000
  // No offset is off by more than 14 h, and hour by hour the clock only misleads near the end: step back from there.
  while (clock(lower + 2 * 3600_000) < local) lower += 3600_000
  lower -= 2 * 3600_000
  while (clock(lower) < local) lower += 5 * MINUTE
  return lower
}

/** Days of 2024 to 2027 on which a zone's offset changed. */
function daysOfChange(clock: (at: number) => string): string[] {
  const offset = (at: number) => Date.parse(`${clock(at).replace(' ', 'T')}Z`) - at
  const days: string[] = []
  let before = offset(Date.UTC(2024, 0, 1))
  for (let at = Date.UTC(2024, 0, 2); at < Date.UTC(2028, 0, 1); at += DAY) {
    const now = offset(at)
    if (now !== before) days.push(clock(at).slice(0, 10), clock(at - DAY).slice(0, 10))
    before = now
  }
  return [...new Set(days)]
}

test(`handoffs on and around every change of the clocks in all ${ZONES.length} zones`, { timeout: 120_000 }, () => {
  let compared = 0
  for (const timeZone of ZONES) {
    const clock = clockOf(timeZone)
    for (const startsOn of [...daysOfChange(clock), '2026-05-13']) {
      for (const handoffTime of ['00:00', '01:15', '02:00', '02:30', '03:00']) {
        const handoffWeekday = new Date(startsOn).getUTCDay() || 7
        const expected = firstInstantByScan(clock, `${startsOn} ${handoffTime}`)
        const rotation = { timeZone, handoffWeekday, handoffTime, startsOn, participants: ['first', 'second'] }
        const at = turnAt(rotation, expected)
        const before = turnAt(rotation, expected - 1)
        const label = `${timeZone} ${startsOn} ${handoffTime}`
        expect([label, at.startsAt, at.userId]).toEqual([label, expected, 'first'])
        expect([label, before.endsAt, before.userId]).toEqual([label, expected, 'second'])
        compared++
      }
    }
  }
  expect(compared).toBeGreaterThan(5_000)
})
