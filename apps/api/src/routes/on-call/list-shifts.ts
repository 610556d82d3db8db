import { listShifts as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { shiftsBetween } from '@nines/oncall'
import { getSchedule, userRefOf } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { overridesOf, peopleOf } from './on-call-now.ts'

const LONGEST_MS = 400 * 86_400_000

export const listShifts = handle(route, async ({ workspace, params, query }, { prisma }) => {
  const [from, to] = [Date.parse(query.from), Date.parse(query.to)]
  if (!(from < to) || to - from > LONGEST_MS) {
    const message = 'must be later than `from`, by at most 400 days'
    throw new NinesError('invalid', `query/to: ${message}`, { issues: [{ path: 'query/to', message }] })
  }
  const schedule = await getSchedule(prisma, workspace.id, params.id, new Date(from))
  const people = peopleOf(schedule)
  const shifts = shiftsBetween(schedule.rotation, overridesOf(schedule), from, to)
  return { items: shifts.map((shift) => ({ ...shift, userName: userRefOf(people, shift.userId).name })) }
})
