import { useServices } from '@nines/testkit'
import { afterAll, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import { MIGRATIONS, versionsTable } from './migrate-telemetry.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
const CLUSTER = { cluster: 'nines-`1`' }
const statements = [...versionsTable(CLUSTER), ...MIGRATIONS.flatMap(({ steps }) => steps(CLUSTER))]

afterAll(() => telemetry.close())

test('a cluster needs no step that looks at one server only', () => {
  expect(statements.filter((step) => typeof step !== 'string')).toEqual([])
})

test.each(statements.map((step) => [String(step).split(/[(\n]/, 1)[0], String(step)]))(
  'ClickHouse parses: %s',
  async (_name, sql) => {
    const tree = await telemetry.rows<{ explain: string }>(`EXPLAIN AST ${sql}`)
    expect(tree.length).toBeGreaterThan(1)
    expect(sql).toContain('ON CLUSTER `nines-\\`1\\``')
  },
)

test('rows lie in replicated tables of the shards, and every table is reached through one that spreads them', () => {
  const created = statements.map(String).filter((sql) => sql.startsWith('CREATE TABLE'))
  const local = created.filter((sql) => sql.includes('_local ON CLUSTER'))
  expect(local.length * 2).toBe(created.length)
  for (const sql of local) expect(sql).toMatch(/\nENGINE = Replicated\w*MergeTree/)
  for (const sql of created.filter((other) => !local.includes(other))) expect(sql).toMatch(/\nENGINE = Distributed\(/)
  expect(statements.join('\n')).not.toMatch(/non_replicated_deduplication_window = [1-9]/)
})
