import { getOverview as route, type DataState, type SloName, type SloStanding } from '@nines/contracts'
import { readSloStandings } from '@nines/pipeline'
import { countOpenAlerts, countOpenIncidents, listSchedules, listServices, listSloNames } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { onCallNow } from '../on-call/on-call-now.ts'
import { rankSlos } from '../slos/rank-slos.ts'
import { sampleRate } from './sample-rate.ts'

/** Worst first, except that idle says least: a service with one good and one idle SLO is good. */
const WORST_FIRST: DataState[] = ['bad', 'unmeasured', 'good', 'idle']
/** More SLOs of one service than this are a list, and have their page. */
const MOST_SHOWN = 10

export const getOverview = handle(route, async ({ workspace }, context) => {
  const { prisma, redis, redisPrefix } = context
  const [services, slos, standings, alerts, incidents, schedules, samplesPerSecond] = await Promise.all([
    listServices(prisma, workspace.id),
    listSloNames(prisma, workspace.id),
    readSloStandings(redis, redisPrefix, workspace.id),
    countOpenAlerts(prisma, workspace.id),
    countOpenIncidents(prisma, workspace.id),
    listSchedules(prisma, workspace.id),
    sampleRate(context, workspace.number),
  ])
  const byService = Map.groupBy(slos, ({ service }) => service.id)
  const now = Date.now()
  return {
    services: services.map((service) => {
      const own = byService.get(service.id) ?? []
      return {
        service,
        state: worstState(own.map(({ id }) => standings.get(id) ?? null)),
        openAlerts: alerts.get(service.id) ?? 0,
        openIncidents: incidents.get(service.id) ?? 0,
        slos: shownOf(own, standings).map(({ id, name }) => ({ id, name, status: standings.get(id) ?? null })),
        sloCount: own.length,
      }
    }),
    samplesPerSecond,
    onCall: schedules.map((schedule) => {
      const { user, until } = onCallNow(schedule, now)
      return { scheduleId: schedule.id, scheduleName: schedule.name, userName: user.name, until }
    }),
  }
})

function shownOf(slos: readonly SloName[], standings: ReadonlyMap<string, SloStanding>): readonly SloName[] {
  if (slos.length <= MOST_SHOWN) return slos
  return rankSlos(slos, standings, { sort: 'budget', direction: 'asc' }).slice(0, MOST_SHOWN)
}

/** SLOs that never had an event say nothing about the service; without any other it is unmeasured. */
function worstState(statuses: (SloStanding | null)[]): DataState {
  const states = new Set(
    statuses.flatMap((status) => (status === null || status.lastEventAt === null ? [] : [status.state])),
  )
  return WORST_FIRST.find((state) => states.has(state)) ?? 'unmeasured'
}
