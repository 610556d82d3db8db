import { readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startClickHouse, type EmbeddedStore } from '@nines/embedded'
import { mountSmallDisk, type SmallDisk } from '@nines/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTelemetry, type Telemetry } from '../telemetry.ts'

const MIB = 1024 * 1024
const mounted = mountSmallDisk(800 * MIB)
/** Compressing takes seconds, so that the disk is full long before a part is written whole. */
const SLOW = 'CODEC(ZSTD(19))'

describe.skipIf(typeof mounted === 'string')(
  'a disk that fills up while the engine writes',
  { timeout: 120_000 },
  () => {
    const disk = mounted as SmallDisk
    let port: number
    let store: EmbeddedStore
    let telemetry: Telemetry
    const start = () => startClickHouse({ dataDir: path.join(disk.folder, 'clickhouse'), port })
    const count = async (table: string) =>
      Number((await telemetry.rows<{ n: string }>(`SELECT count() AS n, sum(length(v)) FROM ${table}`))[0]?.n)
    /** Some 20 MB that hardly get smaller. */
    const insert = (table: string) =>
      telemetry.command(`INSERT INTO ${table} (k, v) SELECT number, randomPrintableASCII(1000) FROM numbers(20000)`)

    beforeAll(async () => {
      port = await freePort()
      store = await start()
      telemetry = createTelemetry({ url: store.url, database: 'default' })
      for (const table of ['inserted', 'merged'])
        await telemetry.command(`CREATE TABLE ${table} (k UInt64, v String ${SLOW}) ENGINE = MergeTree ORDER BY k`)
    })
    afterAll(async () => {
      await telemetry.close()
      await store.stop()
      disk.unmount()
    })

    /** Resolves when the engine has begun a part of that name; the disk then has not a byte left. */
    async function fillWhenWriting(prefix: string): Promise<void> {
      const data = path.join(disk.folder, 'clickhouse', 'store')
      const isWriting = () =>
        readdirSync(data, { recursive: true }).some((file) => path.basename(String(file)).startsWith(prefix))
      while (!isWriting()) await sleep(1)
      await disk.fillTo(0)
    }

    async function endsAndComesBack(): Promise<void> {
      expect(await store.exited).toBe('SIGKILL')
      disk.empty()
      store = await start()
    }

    test('an insert that could not be written whole is not acked, and is not there', async () => {
      await insert('inserted')
      // Room for what an insert reserves, and hardly more: the rest is taken in a moment.
      await disk.fillTo(48 * MIB)
      const inserting = insert('inserted')
      const outcome = expect(inserting).rejects.toThrow(/does not answer/)
      await fillWhenWriting('tmp_insert_')
      await outcome
      await endsAndComesBack()
      expect(await count('inserted')).toBe(20_000)
    })

    test('a merge that could not be written whole leaves what it was merged from', async () => {
      await insert('merged')
      await insert('merged')
      await disk.fillTo(80 * MIB)
      const merging = telemetry.command('OPTIMIZE TABLE merged FINAL')
      const outcome = expect(merging).rejects.toThrow(/does not answer/)
      await fillWhenWriting('tmp_merge_')
      await outcome
      await endsAndComesBack()
      expect(await count('merged')).toBe(40_000)
    })

    test('what was merged stays longer than it takes to notice', async () => {
      await insert('merged')
      await telemetry.command('OPTIMIZE TABLE merged FINAL')
      const [merged] = await telemetry.rows<{ kept: string }>(
        "SELECT value AS kept FROM system.merge_tree_settings WHERE name = 'old_parts_lifetime'",
      )
      expect(Number(merged?.kept)).toBeGreaterThanOrEqual(60)
      // The engine looks for parts to delete every second.
      await sleep(3_000)
      const [old] = await telemetry.rows<{ n: string }>(
        "SELECT count() AS n FROM system.parts WHERE table = 'merged' AND NOT active",
      )
      expect(Number(old?.n)).toBeGreaterThan(0)
    })

    test('no table is changed without room; what is stored can be read', async () => {
      await disk.fillTo(0)
      await expect(telemetry.command('ALTER TABLE inserted ADD COLUMN w String')).rejects.toThrow(
        /are free on the disk/,
      )
      await expect(insert('inserted')).rejects.toThrow(/not enough space/)
      expect(await count('inserted')).toBe(20_000)
      disk.empty()
      await telemetry.command('ALTER TABLE inserted ADD COLUMN w String')
      await insert('inserted')
      expect(await count('inserted')).toBe(40_000)
    })
  },
)
