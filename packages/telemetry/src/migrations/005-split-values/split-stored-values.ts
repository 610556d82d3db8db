import { setTimeout as pause } from 'node:timers/promises'
import { JOINED_VALUE, splitColumns } from '../../split-values/split-columns.ts'
import type { Telemetry } from '../../telemetry.ts'

export const REST_CODEC = 'CODEC(T64, LZ4)'
export const WHOLE_CODEC = "CODEC(Delta, T64('bit'), LZ4)"

/** How often and after how many ms to look again when another process is at it too. */
const ATTEMPTS = 20
const PAUSE_MS = 500
const WAIT_FOR_MUTATION = { mutations_sync: '2' } as const

/**
 * Splits values where they lie: tokens of inserts stay known, no row moves or is missing for a while.
 *
 * The new columns begin as defaults that are worked out of `value`. Rewriting makes them real, in parts of before and, as
 * all is done while others insert, in those that come meanwhile. Then one ALTER turns `value` into an expression
 * of the new columns, and rewriting once more lets its old bytes go; parts below 10 MB keep them until they are merged.
 *
 * Several processes may be at it and each may break off: every statement before the ALTER can be repeated at any time, and
 * those that come late are refused. Processes of before, which insert `value`, are refused then and repeat until they are replaced.
 */
export async function splitStoredValues(telemetry: Telemetry): Promise<void> {
  for (let attempt = 1; !(await isSplit(telemetry)); attempt++)
    try {
      await split(telemetry)
    } catch (error) {
      if (attempt >= ATTEMPTS) throw error
      await pause(PAUSE_MS)
    }
  await telemetry.command('ALTER TABLE samples REWRITE PARTS', {}, WAIT_FOR_MUTATION)
}

async function split(telemetry: Telemetry): Promise<void> {
  const { whole, rest } = splitColumns('value')
  await telemetry.command(`ALTER TABLE samples
    ADD COLUMN IF NOT EXISTS whole Int64 DEFAULT ${whole} ${WHOLE_CODEC},
    ADD COLUMN IF NOT EXISTS rest Int32 DEFAULT ${rest} ${REST_CODEC}`)
  while (await hasUnsplitParts(telemetry))
    await telemetry.command('ALTER TABLE samples REWRITE PARTS', {}, WAIT_FOR_MUTATION)
  // An expression has no codec. For the moment in between the default is as good.
  if (await hasCodec(telemetry)) await telemetry.command('ALTER TABLE samples MODIFY COLUMN value REMOVE CODEC')
  await telemetry.command(`ALTER TABLE samples MODIFY COLUMN whole REMOVE DEFAULT, MODIFY COLUMN rest REMOVE DEFAULT,
    MODIFY COLUMN value Float64 ALIAS ${JOINED_VALUE}`)
}

async function isSplit(telemetry: Telemetry): Promise<boolean> {
  return isTrue(telemetry, `SELECT countIf(name = 'value' AND default_kind = 'ALIAS') > 0 AS yes FROM ${COLUMNS}`)
}

async function hasCodec(telemetry: Telemetry): Promise<boolean> {
  return isTrue(telemetry, `SELECT countIf(name = 'value' AND compression_codec != '') > 0 AS yes FROM ${COLUMNS}`)
}

/** Whether there are parts without the new columns. */
async function hasUnsplitParts(telemetry: Telemetry): Promise<boolean> {
  return isTrue(
    telemetry,
    `SELECT count() > 0 AS yes FROM (SELECT name FROM system.parts_columns
     WHERE database = currentDatabase() AND table = 'samples' AND active AND rows > 0
     GROUP BY name HAVING countIf(column = 'whole') = 0)`,
  )
}

const COLUMNS = "system.columns WHERE database = currentDatabase() AND table = 'samples'"

async function isTrue(telemetry: Telemetry, sql: string): Promise<boolean> {
  const [row] = await telemetry.rows<{ yes: number }>(sql)
  return row?.yes === 1
}
