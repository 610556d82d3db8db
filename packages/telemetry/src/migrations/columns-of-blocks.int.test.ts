import { useServices } from '@nines/testkit'
import { TABLE_COLUMNS } from '@nines/wire'
import { afterAll, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'

const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
afterAll(() => telemetry.close())

test.each(Object.entries(TABLE_COLUMNS))(
  'table %s has every column that blocks bring, in its type',
  async (table, columns) => {
    const stored = await telemetry.rows<{ name: string; type: string }>(
      'SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}',
      { table },
    )
    const types = Object.fromEntries(stored.map(({ name, type }) => [name, plain(type)]))
    expect(types).toMatchObject(columns)
  },
)

/** What the type takes in; how ClickHouse keeps it is its own affair. */
function plain(type: string): string {
  return type.replace(/^SimpleAggregateFunction\(\w+, (.*)\)$/, '$1').replaceAll(/LowCardinality\(([^()]*)\)/g, '$1')
}
