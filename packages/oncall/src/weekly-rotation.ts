import type { WeeklyRotation } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { Temporal } from 'temporal-polyfill'
import { firstInstantOf, localDateTime } from './local-time.ts'

/** One week of one participant, half-open [startsAt, endsAt), epoch ms. */
export interface Turn {
  userId: string
  startsAt: number
  endsAt: number
}

/**
 * The turn that an instant falls into. Turns are local weeks: handed over at the same local weekday and time whatever
 * the clocks did meanwhile, so a turn may last an hour more or less. The rotation has no beginning: before `startsOn`
 * it runs backwards through the participants, so that somebody is always on call.
 */
export function turnAt(rotation: WeeklyRotation, at: number): Turn {
  const anchor = anchorDate(rotation)
  const today = localDateTime(at, rotation.timeZone).toPlainDate()
  let week = Math.floor(anchor.until(today, { largestUnit: 'days' }).days / 7)
  while (handoff(rotation, anchor, week) > at) week--
  while (handoff(rotation, anchor, week + 1) <= at) week++
  return turn(rotation, anchor, week)
}

/** Turns that overlap the half-open span [from, to), in order, each whole. */
export function turnsBetween(rotation: WeeklyRotation, from: number, to: number): Turn[] {
  const turns = [turnAt(rotation, from)]
  for (let last = turns[0]; last && last.endsAt < to; last = turns.at(-1)) turns.push(turnAt(rotation, last.endsAt))
  return turns
}

function turn(rotation: WeeklyRotation, anchor: Temporal.PlainDate, week: number): Turn {
  const count = rotation.participants.length
  const userId = rotation.participants[((week % count) + count) % count]
  if (userId === undefined) throw new NinesError('invalid', 'a rotation needs at least one participant')
  return { userId, startsAt: handoff(rotation, anchor, week), endsAt: handoff(rotation, anchor, week + 1) }
}

/** Date of the handoff that begins the week of `startsOn`. */
function anchorDate(rotation: WeeklyRotation): Temporal.PlainDate {
  const startsOn = Temporal.PlainDate.from(rotation.startsOn)
  return startsOn.subtract({ days: (startsOn.dayOfWeek - rotation.handoffWeekday + 7) % 7 })
}

function handoff(rotation: WeeklyRotation, anchor: Temporal.PlainDate, week: number): number {
  const local = anchor.add({ days: 7 * week }).toPlainDateTime(Temporal.PlainTime.from(rotation.handoffTime))
  return firstInstantOf(local, rotation.timeZone)
}
