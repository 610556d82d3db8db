import { listChannels, listMembers, listSchedules, type EscalationTarget } from '@nines/contracts'
import { useApiQuery } from './use-api.ts'

/** A target as one string, for selects: "schedule sch_1". */
export function targetKey(target: EscalationTarget): string {
  if (target.kind === 'schedule') return `schedule ${target.scheduleId}`
  return target.kind === 'user' ? `user ${target.userId}` : `channel ${target.channelId}`
}

export function targetOf(key: string): EscalationTarget {
  const [kind, id = ''] = key.split(' ')
  if (kind === 'schedule') return { kind: 'schedule', scheduleId: id }
  if (kind === 'user') return { kind: 'user', userId: id }
  return { kind: 'channel', channelId: id }
}

/** Names of everything a step can page, and the choices for a select. */
export function useTargetNames() {
  const schedules = useApiQuery(listSchedules, {})
  const members = useApiQuery(listMembers, {})
  const channels = useApiQuery(listChannels, {})
  const groups = [
    {
      group: 'Whoever is on call',
      items: (schedules.data?.items ?? []).map((s) => ({ value: `schedule ${s.id}`, label: s.name })),
    },
    {
      group: 'A person',
      items: (members.data?.members ?? []).map(({ user }) => ({ value: `user ${user.id}`, label: user.name })),
    },
    {
      group: 'A channel',
      items: (channels.data?.items ?? []).map((c) => ({ value: `channel ${c.id}`, label: c.name })),
    },
  ]
  const names = new Map(groups.flatMap(({ items }) => items.map((item) => [item.value, item.label])))
  return { groups, nameOf: (target: EscalationTarget) => names.get(targetKey(target)) ?? 'something deleted' }
}
