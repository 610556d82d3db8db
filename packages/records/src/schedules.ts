import { escalationTarget, weeklyRotation, type ScheduleDto, type WeeklyRotation } from '@nines/contracts'
import { newId, NinesError } from '@nines/kernel'
import { isTimeZone } from '@nines/oncall'
import type { Database } from './client.ts'
import { refuseDuplicate } from './constraint-errors.ts'
import type { Schedule, ScheduleOverride } from './generated/client.ts'
import { instantOf } from './instants.ts'
import { loadUserRefs, userRefOf, type UserRef } from './user-refs.ts'
import { requireReferences } from './workspace-references.ts'

/** A schedule as PostgreSQL knows it; who is on call follows from it and the time. Overrides in the past are left out. */
export type StoredSchedule = Omit<ScheduleDto, 'onCall'>
export type OverrideDto = ScheduleDto['overrides'][number]

export interface ScheduleInput {
  name: string
  rotation: WeeklyRotation
}

const SHOWN_AFTER_END_MS = 24 * 3_600_000

export async function listSchedules(db: Database, workspaceId: string): Promise<StoredSchedule[]> {
  return loadSchedules(db, workspaceId)
}

/** `overridesSince` (default a day ago): overrides that end later than this are included. */
export async function getSchedule(
  db: Database,
  workspaceId: string,
  id: string,
  overridesSince?: Date,
): Promise<StoredSchedule> {
  const [schedule] = await loadSchedules(db, workspaceId, id, overridesSince)
  if (schedule === undefined) throw new NinesError('not_found', 'there is no such schedule')
  return schedule
}

export async function createSchedule(db: Database, workspaceId: string, input: ScheduleInput): Promise<StoredSchedule> {
  await requireRotation(db, workspaceId, input.rotation)
  const create = db.schedule.create({ data: { id: newId('sch'), workspaceId, ...input } })
  const row = await refuseDuplicate(create, 'body/name', nameTaken(input.name))
  return getSchedule(db, workspaceId, row.id)
}

export async function updateSchedule(
  db: Database,
  workspaceId: string,
  id: string,
  input: ScheduleInput,
): Promise<StoredSchedule> {
  await getSchedule(db, workspaceId, id)
  await requireRotation(db, workspaceId, input.rotation)
  const update = db.schedule.update({ where: { id }, data: { name: input.name, rotation: input.rotation } })
  await refuseDuplicate(update, 'body/name', nameTaken(input.name))
  return getSchedule(db, workspaceId, id)
}

/** Deletes a schedule and its overrides, unless a policy names it. */
export async function deleteSchedule(db: Database, workspaceId: string, id: string): Promise<void> {
  await getSchedule(db, workspaceId, id)
  const steps = await db.escalationStep.findMany({ where: { policy: { workspaceId } }, include: { policy: true } })
  const user = steps.find((step) =>
    escalationTarget
      .array()
      .parse(step.targets)
      .some((target) => target.kind === 'schedule' && target.scheduleId === id),
  )
  if (user !== undefined)
    throw new NinesError('conflict', `the escalation policy "${user.policy.name}" uses this schedule`)
  await db.schedule.delete({ where: { id } })
}

export async function createOverride(
  db: Database,
  workspaceId: string,
  scheduleId: string,
  input: { userId: string; startsAt: Date; endsAt: Date },
): Promise<OverrideDto> {
  await getSchedule(db, workspaceId, scheduleId)
  await requireReferences(db, workspaceId, [{ kind: 'member', id: input.userId, path: 'body/userId' }])
  if (input.endsAt <= input.startsAt) refuse('body/endsAt', 'must be later than startsAt')
  const row = await db.scheduleOverride.create({ data: { id: newId('ovr'), workspaceId, scheduleId, ...input } })
  return toOverrideDto(row, await loadUserRefs(db, [row.userId]))
}

export async function deleteOverride(db: Database, workspaceId: string, id: string): Promise<void> {
  const { count } = await db.scheduleOverride.deleteMany({ where: { id, workspaceId } })
  if (count === 0) throw new NinesError('not_found', 'there is no such override')
}

async function loadSchedules(
  db: Database,
  workspaceId: string,
  id?: string,
  overridesSince = new Date(Date.now() - SHOWN_AFTER_END_MS),
): Promise<StoredSchedule[]> {
  const rows = await db.schedule.findMany({
    where: { workspaceId, ...(id !== undefined && { id }) },
    include: { overrides: { where: { endsAt: { gt: overridesSince } }, orderBy: { id: 'asc' } } },
    orderBy: [{ name: 'asc' }, { id: 'asc' }],
  })
  const schedules = rows.map((row) => ({ ...row, rotation: weeklyRotation.parse(row.rotation) }))
  const users = await loadUserRefs(
    db,
    schedules.flatMap((s) => [...s.rotation.participants, ...s.overrides.map((override) => override.userId)]),
  )
  return schedules.map((schedule) => toStoredSchedule(schedule, users))
}

async function requireRotation(db: Database, workspaceId: string, rotation: WeeklyRotation): Promise<void> {
  if (!isTimeZone(rotation.timeZone)) refuse('body/rotation/timeZone', 'is not an IANA time zone')
  const members = rotation.participants.map((id, index) => ({
    kind: 'member' as const,
    id,
    path: `body/rotation/participants/${index}`,
  }))
  await requireReferences(db, workspaceId, members)
}

function refuse(path: string, message: string): never {
  throw new NinesError('invalid', `${path}: ${message}`, { issues: [{ path, message }] })
}

const nameTaken = (name: string) => `there is a schedule named "${name}" already`

function toStoredSchedule(
  row: Omit<Schedule, 'rotation'> & { rotation: WeeklyRotation; overrides: ScheduleOverride[] },
  users: Map<string, UserRef>,
): StoredSchedule {
  return {
    id: row.id,
    name: row.name,
    rotation: row.rotation,
    participants: row.rotation.participants.map((userId) => userRefOf(users, userId)),
    overrides: row.overrides.map((override) => toOverrideDto(override, users)),
    createdAt: instantOf(row.createdAt),
  }
}

function toOverrideDto(row: ScheduleOverride, users: Map<string, UserRef>): OverrideDto {
  return {
    id: row.id,
    user: userRefOf(users, row.userId),
    startsAt: instantOf(row.startsAt),
    endsAt: instantOf(row.endsAt),
  }
}
