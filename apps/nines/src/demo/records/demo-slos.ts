import type { BurnRatePair, SliSpec } from '@nines/contracts'
import { createSlo, type PrismaClient } from '@nines/records'
import { DURATION_HISTOGRAM, REQUEST_COUNTER, telemetryName, type ShopServiceName } from '../shop/shop-routes.ts'
import type { DemoRecords } from './demo-records.ts'

interface DemoSlo {
  slug: string
  name: string
  description: string
  service: ShopServiceName
  sli: SliSpec
  target: number
  /** Pair of the rule that pages. */
  page: BurnRatePair
}

/**
 * A demonstration cannot wait for the windows of the workbook (an hour of burning, five minutes to clear): these notice
 * within seconds and clear within a minute, at the price of paging for short troubles that a real team would sleep through.
 */
const fast = (factor: number): BurnRatePair => ({ longSeconds: 300, shortSeconds: 60, factor })
const RESOLVE_AFTER_SECONDS = 10

function withoutErrors(service: ShopServiceName): SliSpec {
  const name = { label: 'service.name', op: '=' as const, value: telemetryName(service) }
  return {
    kind: 'ratio',
    bad: { metric: REQUEST_COUNTER, matchers: [name, { label: 'status_class', op: '=', value: '5xx' }] },
    total: { metric: REQUEST_COUNTER, matchers: [name] },
  }
}

function demoSlos(checkId: string): DemoSlo[] {
  const checkout = { label: 'service.name', op: '=' as const, value: telemetryName('checkout') }
  return [
    {
      slug: 'shop-checkout-availability',
      name: 'Checkout takes orders',
      description: 'Orders that are not answered with a server error.',
      service: 'checkout',
      sli: withoutErrors('checkout'),
      target: 0.999,
      page: fast(14.4),
    },
    {
      slug: 'shop-checkout-latency',
      name: 'Checkout answers within 300 ms',
      description: 'Orders answered within 300 ms.',
      service: 'checkout',
      sli: { kind: 'latency', histogram: { metric: DURATION_HISTOGRAM, matchers: [checkout] }, threshold: 0.3 },
      target: 0.99,
      page: fast(10),
    },
    {
      slug: 'shop-payments-availability',
      name: 'Payments charges cards',
      description: 'Charges that are not answered with a server error.',
      service: 'payments',
      sli: withoutErrors('payments'),
      target: 0.999,
      page: fast(14.4),
    },
    {
      slug: 'shop-frontend-availability',
      name: 'Front page is up',
      description: 'Runs of the check of the front page that passed.',
      service: 'frontend',
      sli: { kind: 'availability', checkId },
      target: 0.995,
      page: fast(14.4),
    },
  ]
}

/** Makes the SLOs of the shop that are not there; an archived one stays archived. */
export async function ensureDemoSlos(prisma: PrismaClient, records: DemoRecords): Promise<void> {
  const { workspaceId, serviceIds, checkId } = records
  for (const { service, page, ...slo } of demoSlos(checkId)) {
    const known = await prisma.slo.findUnique({ where: { workspaceId_slug: { workspaceId, slug: slo.slug } } })
    if (known) continue
    const input = {
      ...slo,
      serviceId: serviceIds[service],
      window: { kind: 'rolling', days: 30 } as const,
      furtherObjectives: [],
    }
    const { rules } = await createSlo(prisma, workspaceId, input, null)
    const pageRule = rules.find((rule) => rule.severity === 'critical')
    if (!pageRule) continue
    const condition = { ...pageRule.condition, pairs: [page], resolveAfterSeconds: RESOLVE_AFTER_SECONDS }
    await prisma.alertRule.update({ where: { id: pageRule.id }, data: { condition } })
  }
  await ensureJourney(prisma, records)
}

/** What a customer needs from all of the shop. Its steps page, each whoever can mend it; the journey only tells. */
async function ensureJourney(prisma: PrismaClient, { workspaceId, serviceIds }: DemoRecords): Promise<void> {
  const slug = 'shop-journey'
  if (await prisma.slo.findUnique({ where: { workspaceId_slug: { workspaceId, slug } } })) return
  const steps = ['shop-frontend-availability', 'shop-checkout-availability', 'shop-payments-availability']
  const members = await prisma.slo.findMany({ where: { workspaceId, archivedAt: null, slug: { in: steps } } })
  if (members.length < steps.length) return
  const input = {
    slug,
    name: 'Customers can order',
    description: 'A customer sees the front page, places an order and is charged: every step must succeed.',
    serviceId: serviceIds.checkout,
    sli: {
      kind: 'composite' as const,
      combine: 'critical_path' as const,
      members: members.map(({ id }) => ({ sloId: id, noData: 'ignore' as const })),
    },
    target: 0.99,
    window: { kind: 'rolling', days: 30 } as const,
    furtherObjectives: [],
  }
  const { rules } = await createSlo(prisma, workspaceId, input, null)
  await prisma.alertRule.updateMany({ where: { id: { in: rules.map(({ id }) => id) } }, data: { enabled: false } })
}
