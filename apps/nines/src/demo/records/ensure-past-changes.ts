import type { ChangeKind } from '@nines/contracts'
import { createCorrection, listCorrections, recordChange, type PrismaClient } from '@nines/records'
import { pastTroubles } from '../history/past-troubles.ts'
import { telemetryName, type ShopServiceName } from '../shop/shop-routes.ts'
import type { DemoRecords } from './demo-records.ts'

interface PastChange {
  id: string
  service: ShopServiceName
  kind: ChangeKind
  at: number
  minutes: number
  version: string | null
  title: string
  author: string
}

const MINUTE_MS = 60_000
const DAY_MS = 1440 * MINUTE_MS

/** What the shop's pipeline told of the month before `endAt`: the releases behind two of its troubles, and harmless ones. */
function pastChanges(endAt: number): PastChange[] {
  const [release, , slow] = pastTroubles(endAt)
  const quiet = (daysAgo: number, hour: number) =>
    Math.floor(endAt / DAY_MS) * DAY_MS - daysAgo * DAY_MS + hour * 60 * MINUTE_MS
  const deploy = (service: ShopServiceName, version: string, at: number, author: string): PastChange => ({
    id: `${service}-${version}`,
    service,
    kind: 'deploy',
    at,
    minutes: 3,
    version,
    author,
    title: `Release ${version} of ${service}`,
  })
  return [
    deploy('checkout', '2026.09', quiet(28, 10), 'Jonas Weber'),
    deploy('checkout', '2026.10', (release?.startsAt ?? endAt) - 4 * MINUTE_MS, 'Maya Lindt'),
    deploy('payments', '2026.10', quiet(18, 9), 'Jonas Weber'),
    deploy('checkout', '2026.11', quiet(14, 14), 'Maya Lindt'),
    deploy('frontend', '2026.11', quiet(9, 11), 'Maya Lindt'),
    {
      id: 'checkout-recommendations',
      service: 'checkout',
      kind: 'feature_flag',
      version: null,
      minutes: 0,
      at: (slow?.startsAt ?? endAt) - 2 * MINUTE_MS,
      author: 'Jonas Weber',
      title: 'Flag “recommendations in the basket” on for everybody',
    },
    {
      id: 'checkout-pool',
      service: 'checkout',
      kind: 'config',
      version: null,
      minutes: 0,
      at: endAt - 7 * 60 * MINUTE_MS,
      author: 'Maya Lindt',
      title: 'Connection pool to payments: 40 to 60',
    },
  ]
}

/** Records the changes of the shop's past; told again at every start, they stay the same. */
export async function ensurePastChanges(prisma: PrismaClient, workspaceId: string, endAt: number): Promise<void> {
  for (const { id, service, at, minutes, ...change } of pastChanges(endAt)) {
    await recordChange(prisma, workspaceId, {
      ...change,
      externalId: `demo-${id}`,
      service: telemetryName(service),
      environment: 'production',
      source: 'api',
      url: null,
      startedAt: new Date(at),
      endedAt: minutes === 0 ? null : new Date(at + minutes * MINUTE_MS),
      createdById: null,
    })
  }
}

const WORK = 'Announced work of the card processor'

/** Calls the trouble of payments what it was: its budget was spent by maintenance, planned and told. */
export async function ensurePastMaintenance(prisma: PrismaClient, records: DemoRecords, endAt: number): Promise<void> {
  const { workspaceId, serviceIds } = records
  const [, trouble] = pastTroubles(endAt)
  const known = await listCorrections(prisma, workspaceId)
  if (!trouble || known.some((correction) => correction.reason === WORK)) return
  const input = {
    sloId: null,
    serviceId: serviceIds[trouble.service],
    effect: 'count' as const,
    startsAt: new Date(trouble.startsAt - 10 * MINUTE_MS),
    endsAt: new Date(trouble.endsAt + 20 * MINUTE_MS),
    rrule: null,
    timeZone: 'UTC',
    outside: false,
    reason: WORK,
  }
  await createCorrection(prisma, workspaceId, input, { id: null, name: 'Jonas Weber', via: null })
}
