import { getOverview as route, type DataState, type SloStatus } from '@nines/contracts'
import { readSloStatuses } from '@nines/pipeline'
import { countOpenAlerts, countOpenIncidents, listSchedules, listServices, listSlos } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { onCallNow } from '../on-call/on-call-now.ts'
import { sampleRate } from './sample-rate.ts'

/** Worst first, except that idle says least: a service with one good and one idle SLO is good. */
const WORST_FIRST: DataState[] = ['bad', 'unmeasured', 'good', 'idle']

export const getOverview = handle(route, async ({ workspace }, context) => {
  const { prisma, redis, redisPrefix } = context
  const [services, slos, statuses, alerts, incidents, schedules, samplesPerSecond] = await Promise.all([
    listServices(prisma, workspace.id),
    listSlos(prisma, workspace.id),
    readSloStatuses(redis, redisPrefix, workspace.id),
    countOpenAlerts(prisma, workspace.id),
    countOpenIncidents(prisma, workspace.id),
    listSchedules(prisma, workspace.id),
    sampleRate(context, workspace.number),
  ])
  const now = Date.now()
  return {
    services: services.map((service) => {
      const own = slos
        .filter((slo) => slo.service.id === service.id)
        .map(({ id, name }) => ({ id, name, status: statuses.get(id) ?? null }))
      return {
        service,
        state: worstState(own.map((slo) => slo.status)),
        openAlerts: alerts.get(service.id) ?? 0,
        openIncidents: incidents.get(service.id) ?? 0,
        slos: own,
      }
    }),
    samplesPerSecond,
    onCall: schedules.map((schedule) => {
      const { user, until } = onCallNow(schedule, now)
      return { scheduleId: schedule.id, scheduleName: schedule.name, userName: user.name, until }
    }),
  }
})

/** SLOs that never had an event say nothing about the service; without any other it is unmeasured. */
function worstState(statuses: (SloStatus | null)[]): DataState {
  const states = new Set(
    statuses.flatMap((status) => (status === null || status.lastEventAt === null ? [] : [status.state])),
  )
  return WORST_FIRST.find((state) => states.has(state)) ?? 'unmeasured'
}
