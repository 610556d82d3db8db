import { startStack, type NinesStack } from '../stack/nines-stack.ts'
import { createFirstAdmin } from './on-call-fixture.ts'
import { clickhouseAway } from './overload/clickhouse-away.ts'
import { diskFull } from './overload/disk-full.ts'
import { flood } from './overload/flood.ts'
import { LONG, SHORT, type OverloadPlan } from './overload/overload-plan.ts'
import { redisFull } from './overload/redis-full.ts'
import { createTenants } from './overload/tenant.ts'
import type { Report, Scenario } from './report.ts'
import { runScenario } from './run-scenario.ts'
import { getMe } from '@nines/contracts'

const PARTS = ['flood', 'clickhouse', 'redis', 'disk'] as const

/**
 * Something is full or away, or somebody sends too much: agents get answers that they retry, other workspaces go on, and
 * everything acked arrives. `--plan short` takes seconds where the default takes minutes; `--parts` runs some of it.
 */
const overload: Scenario = {
  name: 'overload',
  about: 'ClickHouse away, Redis or the disk full, a flood: senders are told to wait and everything acked arrives once',
  async run(report, { values }) {
    const plan = values.plan === 'short' ? SHORT : LONG
    const parts = values.parts?.split(',') ?? [...PARTS]
    const unknown = parts.filter((part) => !(PARTS as readonly string[]).includes(part))
    if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}, only ${PARTS.join(', ')}`)
    if (parts.some((part) => part !== 'disk')) await onOneStack(report, plan, parts)
    if (parts.includes('disk')) await diskFull(report, plan)
  },
}

async function onOneStack(report: Report, plan: OverloadPlan, parts: readonly string[]): Promise<void> {
  const env = { NINES_STREAM_MAX_BYTES: String(plan.streamMaxBytes) }
  const stack = await report.step('a stack starts from nothing', () => startStack({ env }))
  try {
    const admin = await createFirstAdmin(stack)
    admin.workspace = (await admin.call(getMe)).workspaces[0]?.slug
    const tenants = await createTenants(stack, { one: {}, two: {} })
    if (parts.includes('flood')) await flood(report, stack, tenants, plan)
    if (parts.includes('clickhouse')) await clickhouseParts(report, stack, tenants, plan)
    if (parts.includes('redis')) await redisFull(report, stack, admin, tenants, plan)
  } finally {
    await stack.stop()
  }
}

async function clickhouseParts(
  report: Report,
  stack: NinesStack,
  tenants: Parameters<typeof clickhouseAway>[2],
  plan: OverloadPlan,
): Promise<void> {
  await clickhouseAway(report, stack, tenants, plan, 'stands still')
  await clickhouseAway(report, stack, tenants, plan, 'is killed and not started again')
}

if (import.meta.main) await runScenario(overload, ['plan', 'parts'])
