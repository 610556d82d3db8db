import type { Slice } from '@nines/contracts'
import { seededRandom } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { hoursOfSlices } from '../migrations/008-hours-of-slices.ts'
import { migrate, migrateTelemetry, MIGRATIONS } from '../migrations/migrate-telemetry.ts'
import { createTelemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { readSliceHours, type VersionHours } from './read-slice-hours.ts'

const services = await useServices()
const options = { url: services.clickhouseUrl, database: `${services.clickhouseDatabase}_hours` }
const telemetry = createTelemetry(options)
const server = createTelemetry({ ...options, database: 'default' })
const [MINUTE, HOUR] = [60_000, 3_600_000]
/** Some hours on both sides of the end of a month, where partitions meet. */
const FROM = Date.UTC(2026, 9, 31, 20)
const HOURS = 9
const IDS = ['slo_1', 'slo_2', 'slo_3']
const ASKED = {
  workspace: 1,
  versions: IDS.flatMap((sloId) => [1, 2].map((version) => ({ sloId, version }))),
  from: FROM,
  to: FROM + HOURS * HOUR,
}

const dropDatabase = () => server.command('DROP DATABASE IF EXISTS {d:Identifier}', { d: options.database })

beforeEach(async () => {
  await dropDatabase()
  await server.command('CREATE DATABASE {d:Identifier}', { d: options.database })
})
afterAll(async () => {
  await dropDatabase()
  await Promise.all([telemetry.close(), server.close()])
})

/** What readSliceHours says, looked for in a list of rows as plainly as possible. */
function plainly(rows: readonly Slice[], asOf: number, burnAbove: number) {
  const known = rows.filter(({ revision }) => revision <= asOf)
  const keys = new Set(known.map(({ sloId, version, minute }) => `${sloId} ${version} ${Math.floor(minute / HOUR)}`))
  return [...keys].toSorted().map((key) => {
    const [sloId, version, hour] = key.split(' ')
    const inHour = rows.filter(
      (row) => row.sloId === sloId && row.version === Number(version) && Math.floor(row.minute / HOUR) === Number(hour),
    )
    const bits = (which: (row: Slice) => boolean) =>
      inHour.filter(which).reduce((mask, { minute }) => mask | (1n << BigInt((minute % HOUR) / MINUTE)), 0n)
    return {
      key,
      good: inHour.reduce((sum, { good }) => sum + good, 0),
      total: inHour.reduce((sum, { total }) => sum + total, 0),
      rows: inHour.length,
      uneven: Number(inHour.some(({ good, total }) => good !== total)),
      later: Number(inHour.some(({ revision }) => revision > asOf)),
      measured: bits(() => true),
      events: bits(({ total }) => total > 0),
      burning: bits(({ good, total }) => total > 0 && (total - good) / total > burnAbove),
      bad: bits(({ good, total }) => good !== total),
    }
  })
}

function shown(found: readonly VersionHours[]) {
  const each = found.flatMap((one) =>
    Array.from(one.hour, (hour, i) => {
      const value = (name: Exclude<keyof VersionHours, 'sloId' | 'version'>) => one[name][i] ?? NaN
      const bits = (low: 'measuredLow' | 'eventsLow' | 'burnLow', high: 'measuredHigh' | 'eventsHigh' | 'burnHigh') =>
        BigInt(value(low)) | (BigInt(value(high)) << 30n)
      return {
        key: `${one.sloId} ${one.version} ${hour}`,
        good: value('good'),
        total: value('total'),
        rows: value('rows'),
        uneven: value('uneven'),
        later: value('later'),
        measured: bits('measuredLow', 'measuredHigh'),
        events: bits('eventsLow', 'eventsHigh'),
        burning: bits('burnLow', 'burnHigh'),
      }
    }),
  )
  return each.toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

/** Reads at several instants and targets, and compares. Burning minutes are among the bits, and nothing that is all good. */
async function compare(rows: readonly Slice[]) {
  for (const [asOf, target] of [
    [99, 0.9],
    [2, 0.993],
    [5, 0.99999],
  ] as const) {
    const burnAbove = (1 - target) * (1 - 1e-12)
    const found = shown(await readSliceHours(telemetry, { ...ASKED, asOf, burnAbove }))
    const expected = plainly(rows, asOf, burnAbove)
    expect(found.map(({ burning: _burning, ...one }) => one)).toEqual(
      expected.map(({ burning: _burning, bad: _bad, ...one }) => one),
    )
    for (const [i, { burning }] of found.entries()) {
      expect(burning & (expected[i]?.burning ?? 0n)).toBe(expected[i]?.burning)
      expect(burning & ~(expected[i]?.bad ?? 0n)).toBe(0n)
    }
  }
}

/** Slices in random order and pieces; some minutes come again, later and with other counts. */
function randomCourse(random: () => number): Slice[][] {
  const whole = (most: number) => Math.floor(random() * (most + 1))
  return Array.from({ length: 2 + whole(4) }, () =>
    Array.from({ length: 1 + whole(200) }, () => {
      const total = random() < 0.1 ? 0 : 1 + whole(2000)
      const bad = random() < 0.6 ? 0 : random() < 0.5 ? Math.min(1, total) : whole(total)
      return {
        sloId: IDS[whole(2)] ?? '',
        version: 1 + whole(1),
        minute: FROM + whole(HOURS * 60 - 1) * MINUTE,
        good: total - bad,
        total,
        expected: 0,
        revision: 1 + whole(6),
      }
    }),
  )
}

const keyOf = ({ sloId, version, minute, revision }: Slice) => `${sloId} ${version} ${minute} ${revision}`
let inserts = 0
const insert = (slices: Slice[]) => insertBlocks(telemetry, [{ ...emptyBlock(1), slices }], `hours-${inserts++}`)
/** A row that is inserted again is one when parts were merged. */
const mergeAll = () => telemetry.command('OPTIMIZE TABLE slices FINAL')

const before = MIGRATIONS.filter(({ version }) => version < hoursOfSlices.version)

describe('hours in the store are those of its rows', () => {
  test('late, out of order, revised, merged or not, and where parts of before have none yet', async () => {
    await migrate(telemetry, before)
    const random = seededRandom(8)
    const rows = new Map<string, Slice>()
    const store = async (slices: Slice[]) => {
      const news = [...new Map(slices.map((slice) => [keyOf(slice), slice])).values()].filter(
        (slice) => !rows.has(keyOf(slice)),
      )
      for (const slice of news) rows.set(keyOf(slice), slice)
      if (news.length > 0) await insert(news)
    }
    for (const slices of randomCourse(random)) await store(slices)
    await compare([...rows.values()])
    // A version that breaks off before the last of its steps: parts with and without hours, merged with each other or not.
    for (const step of hoursOfSlices.steps({}).slice(0, -1)) await telemetry.command(String(step))
    for (const slices of randomCourse(random)) await store(slices)
    await compare([...rows.values()])
    await migrateTelemetry(options)
    await until(async () => (await unfinished()) === 0)
    await compare([...rows.values()])
    for (const slices of randomCourse(random)) await store(slices)
    await compare([...rows.values()])
    await mergeAll()
    await compare([...rows.values()])
  })

  test('of a row that was inserted twice a minute of two rows until parts are merged, then of one', async () => {
    await migrateTelemetry(options)
    const twice: Slice = { sloId: 'slo_1', version: 1, minute: FROM, good: 9, total: 10, expected: 0, revision: 1 }
    const other = { ...twice, minute: FROM + MINUTE }
    await insert([twice])
    await insert([twice, other])
    const read = async () => {
      const [hours] = await readSliceHours(telemetry, { ...ASKED, asOf: 9, burnAbove: 0.5 })
      return [hours?.rows[0], hours?.total[0], hours?.measuredLow[0]]
    }
    expect([
      [3, 30, 3],
      [2, 20, 3],
    ]).toContainEqual(await read())
    await mergeAll()
    expect(await read()).toEqual([2, 20, 3])
  })
})

test('old parts get their hours in the background, and reading takes them from there', async () => {
  await migrate(telemetry, before)
  const minutes = Array.from({ length: HOURS * 60 }, (_, i) => FROM + i * MINUTE)
  await insert(
    minutes.map((minute) => ({ sloId: 'slo_1', version: 1, minute, good: 1, total: 1, expected: 0, revision: 1 })),
  )
  await migrateTelemetry(options)
  await until(async () => (await unfinished()) === 0)
  // So few rows that it cannot be those of minutes.
  for (const burnAbove of [0.5, 0.1, 0.05, 0.01, 0.005, 0.001, 0.0005, 0.0001, 0])
    expect(
      await readSliceHours(telemetry, { ...ASKED, asOf: 9, burnAbove }, { maxRowsToRead: 2 * HOURS }),
    ).toHaveLength(1)
})

/** What the mutations of the table have left to do. */
async function unfinished(): Promise<number> {
  const [row] = await telemetry.rows<{ left: string }>(
    `SELECT countIf(NOT is_done) AS left FROM system.mutations WHERE database = currentDatabase() AND table = 'slices'`,
  )
  return Number(row?.left)
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200 && !(await isSo()); i++) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(await isSo()).toBe(true)
}
