import type { ScheduleDto, ScheduleOverride } from '@nines/contracts'
import { onCallAt } from '@nines/oncall'
import { userRefOf, type StoredSchedule, type UserRef } from '@nines/records'

/** Who is on call in a schedule at an instant (epoch ms), and until when (RFC 3339). */
export function onCallNow(schedule: StoredSchedule, now: number): { user: UserRef; until: string } {
  const shift = onCallAt(schedule.rotation, overridesOf(schedule), now)
  return { user: userRefOf(peopleOf(schedule), shift.userId), until: new Date(shift.endsAt).toISOString() }
}

export function withOnCall(schedule: StoredSchedule, now: number): ScheduleDto {
  return { ...schedule, onCall: onCallNow(schedule, now).user }
}

/** Overrides as the rotation takes them: epoch ms. */
export function overridesOf(schedule: StoredSchedule): ScheduleOverride[] {
  return schedule.overrides.map(({ id, user, startsAt, endsAt }) => ({
    id,
    userId: user.id,
    startsAt: Date.parse(startsAt),
    endsAt: Date.parse(endsAt),
  }))
}

/** Everybody who can be on call in the schedule, by id. */
export function peopleOf(schedule: StoredSchedule): Map<string, UserRef> {
  const people = [...schedule.participants, ...schedule.overrides.map((override) => override.user)]
  return new Map(people.map((person) => [person.id, person]))
}
