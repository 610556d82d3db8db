import { randomBytes } from 'node:crypto'
import type { Block } from '@nines/wire'
import { isDataError } from '../clickhouse-errors.ts'
import type { Telemetry } from '../telemetry.ts'
import { insertSettings } from './insert-settings.ts'
import { tableRowsOf } from './table-rows-of.ts'
import type { TableRows } from './table-rows.ts'

/**
 * Finds out whether ClickHouse takes the rows of one block, without storing any: they go into copies of the tables that
 * keep nothing. Gives the error that the rows met with, or null when they are fine; other errors reject. It serves to
 * find the block that is to blame for a refused record.
 */
export async function rehearseBlock(telemetry: Telemetry, block: Block): Promise<unknown> {
  try {
    for (const batch of tableRowsOf([block])) await rehearse(telemetry, batch)
    return null
  } catch (error) {
    if (isDataError(error)) return error
    throw error
  }
}

async function rehearse(telemetry: Telemetry, { table, rows }: TableRows): Promise<void> {
  const copy = `rehearsal_${table}_${randomBytes(4).toString('hex')}`
  await telemetry.command(`CREATE TABLE ${copy} AS ${table} ENGINE = Null`)
  try {
    await telemetry.insert(copy, rows, insertSettings(''))
  } finally {
    await telemetry.command(`DROP TABLE ${copy}`)
  }
}
