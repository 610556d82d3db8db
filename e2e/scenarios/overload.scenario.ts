import { readFileSync } from 'node:fs'
import path from 'node:path'
import { getMe } from '@nines/contracts'
import { mountSmallDisk } from '@nines/testkit'
import type { ApiClient } from '../stack/api-client.ts'
import { startStack, type NinesStack } from '../stack/nines-stack.ts'
import { createFirstAdmin } from './on-call-fixture.ts'
import { clickhouseAway } from './overload/clickhouse-away.ts'
import { DISK_BYTES, diskFull } from './overload/disk-full.ts'
import { flood } from './overload/flood.ts'
import { LONG, SHORT, type OverloadPlan } from './overload/overload-plan.ts'
import { redisFull } from './overload/redis-full.ts'
import { createTenants, type Tenant } from './overload/tenant.ts'
import type { Report, Scenario } from './report.ts'
import { runScenario } from './run-scenario.ts'

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
    if (parts.includes('clickhouse') || parts.includes('redis')) await withSmallStream(report, plan, parts)
    if (parts.includes('flood') || parts.includes('disk')) await withSmallDisk(report, plan, parts)
  },
}

/** The stream's limit is low enough to be reached. */
async function withSmallStream(report: Report, plan: OverloadPlan, parts: readonly string[]): Promise<void> {
  const env = { NINES_STREAM_MAX_BYTES: String(plan.streamMaxBytes) }
  const stack = await report.step('a stack starts from nothing', () => startStack({ env }))
  try {
    const { admin, tenants } = await prepare(stack)
    if (parts.includes('clickhouse')) {
      await clickhouseAway(report, stack, tenants, plan, 'stands still')
      await clickhouseAway(report, stack, tenants, plan, 'is killed and not started again')
    }
    if (parts.includes('redis')) await redisFull(report, stack, admin, tenants, plan)
  } finally {
    await stack.stop()
  }
}

/** The data directory is on a disk that can be filled, where one can be mounted. */
async function withSmallDisk(report: Report, plan: OverloadPlan, parts: readonly string[]): Promise<void> {
  const disk = parts.includes('disk') ? mountSmallDisk(DISK_BYTES) : 'not asked for'
  const isDisk = typeof disk !== 'string'
  try {
    const stack = await report.step('a stack starts', () => startStack(isDisk ? { dataDir: disk.folder } : {}))
    try {
      const { admin, tenants } = await prepare(stack)
      if (parts.includes('flood')) await flood(report, stack, tenants, plan)
      if (isDisk) await diskFull(report, stack, disk, admin, tenants, plan)
      else report.note(`SKIPPED, the disk is not filled: ${disk}`)
    } catch (error) {
      noteLogs(report, stack)
      throw error
    } finally {
      if (isDisk) disk.empty()
      await stack.stop({ keepData: isDisk })
    }
  } finally {
    if (isDisk) disk.unmount()
  }
}

/** The disk goes when the run ends, and the logs on it. */
function noteLogs(report: Report, stack: NinesStack): void {
  const tail = (text: string) => text.trimEnd().split('\n').slice(-15)
  for (const line of tail(stack.output())) report.note(`launcher: ${line.slice(0, 300)}`)
  for (const name of ['redis', 'clickhouse', 'store']) {
    const file = path.join(stack.dataDir, 'logs', `${name}.log`)
    for (const line of tail(readFileSync(file, 'utf8'))) report.note(`${name}: ${line.slice(0, 300)}`)
  }
}

async function prepare(stack: NinesStack): Promise<{ admin: ApiClient; tenants: Tenant[] }> {
  const admin = await createFirstAdmin(stack)
  admin.workspace = (await admin.call(getMe)).workspaces[0]?.slug
  return { admin, tenants: await createTenants(stack, { one: {}, two: {} }) }
}

if (import.meta.main) await runScenario(overload, ['plan', 'parts'])
