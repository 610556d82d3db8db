import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { slice } from '../write/test-blocks.ts'
import { readSliceColumns, type VersionColumns } from './read-slice-columns.ts'
import { readSliceHours, type VersionHours } from './read-slice-hours.ts'
import { readVersionMinutes } from './read-version-minutes.ts'

const services = await useServices()
const MINUTE = 60_000
const T = Math.floor(Date.now() / MINUTE) * MINUTE - 60 * MINUTE
let telemetry: Telemetry

beforeAll(async () => {
  telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })
  const own = [
    slice(T, 1),
    slice(T + MINUTE, 5, { good: 1.5, total: 2.25 }),
    slice(T, 8, { good: 0 }),
    slice(T - MINUTE, 1),
    slice(T, 3, { version: 2 }),
    slice(T, 3, { version: 3, sloId: 'slo_2' }),
  ]
  await insertBlocks(telemetry, [{ ...emptyBlock(1), slices: own }], 'c1')
  await insertBlocks(telemetry, [{ ...emptyBlock(1), slices: [slice(T + 2 * MINUTE, 2)] }], 'c2')
  await insertBlocks(telemetry, [{ ...emptyBlock(2), slices: [slice(T, 1, { total: 999 })] }], 'c3')
})
afterAll(() => telemetry.close())

const HOUR = 60 * MINUTE
const hours = [Math.floor(T / HOUR), Math.floor((T + 2 * MINUTE) / HOUR)]
const query = { workspace: 1, asOf: Date.now() }
const shown = (columns: VersionColumns[]) =>
  columns
    .map(({ sloId, version, minute, good, total, revision }) => ({
      name: `${sloId} ${version}`,
      rows: Array.from(minute, (at, i) => [at - T / MINUTE, good[i] ?? NaN, total[i] ?? NaN, revision[i] ?? NaN]).sort(
        (a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[3] ?? 0) - (b[3] ?? 0),
      ),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

test('every known revision of the hours asked for, of one workspace', async () => {
  const versions = [
    { sloId: 'slo_1', version: 1, hours },
    { sloId: 'slo_2', version: 3, hours },
    { sloId: 'slo_2', version: 1, hours },
  ]
  const found = shown(await readSliceColumns(telemetry, { ...query, versions }))
  const inHours = (found[0]?.rows ?? []).filter(([at]) => (at ?? 0) >= 0)
  expect(inHours).toEqual([
    [0, 9, 10, 1],
    [0, 0, 10, 8],
    [1, 1.5, 2.25, 5],
    [2, 9, 10, 2],
  ])
  expect(found.slice(1)).toEqual([{ name: 'slo_2 3', rows: [[0, 9, 10, 3]] }])
  const before = [{ sloId: 'slo_1', version: 1, hours: [Math.floor(T / HOUR) - 5] }]
  expect(await readSliceColumns(telemetry, { ...query, versions: before })).toEqual([])
})

test('what became known after the instant is left out; of no hours there is nothing', async () => {
  const versions = [{ sloId: 'slo_1', version: 1, hours }]
  const [found] = shown(await readSliceColumns(telemetry, { ...query, versions, asOf: 2 }))
  expect(found?.rows.filter(([at]) => (at ?? 0) >= 0)).toEqual([
    [0, 9, 10, 1],
    [2, 9, 10, 2],
  ])
  expect(await readSliceColumns(telemetry, { ...query, versions: [] })).toEqual([])
  const forged = [{ sloId: "x') OR (1=1", version: 1, hours }]
  await expect(readSliceColumns(telemetry, { ...query, versions: forged })).rejects.toMatchObject({ code: 'invalid' })
})

test('all minutes of one version, of one workspace, as far as they were known', async () => {
  const asked = { workspace: 1, sloId: 'slo_1', version: 1, from: T, to: T + 2 * MINUTE, asOf: Date.now() }
  const read = async (change: Partial<typeof asked>) =>
    shown([await readVersionMinutes(telemetry, { ...asked, ...change })])[0]?.rows
  expect(await read({})).toEqual([
    [0, 9, 10, 1],
    [0, 0, 10, 8],
    [1, 1.5, 2.25, 5],
  ])
  expect(await read({ asOf: 2, to: T + 3 * MINUTE })).toEqual([
    [0, 9, 10, 1],
    [2, 9, 10, 2],
  ])
  expect(await read({ version: 2 })).toEqual([[0, 9, 10, 3]])
  expect(await read({ sloId: 'slo_2' })).toEqual([])
})

test('sums by hour with the minutes as bits', async () => {
  const hour = Math.floor(T / HOUR) - 20
  const at = (minute: number) => hour * HOUR + minute * MINUTE
  const slices = [
    slice(at(0), 1, { good: 10 }),
    slice(at(29), 1, { good: 9 }),
    slice(at(30), 1, { good: 0, total: 0 }),
    slice(at(59), 1, { good: 5 }),
    slice(at(59), 7, { good: 4 }),
    slice(at(60), 99),
  ].map((one) => ({ ...one, sloId: 'slo_h' }))
  // Hours are whole though their minutes came one after the other.
  await insertBlocks(telemetry, [{ ...emptyBlock(1), slices: slices.filter((_, i) => i % 2 === 0) }], 'h1')
  await insertBlocks(telemetry, [{ ...emptyBlock(1), slices: slices.filter((_, i) => i % 2 === 1) }], 'h2')
  const versions = [
    { sloId: 'slo_h', version: 1 },
    { sloId: 'slo_h', version: 3 },
    { sloId: 'slo_2', version: 1 },
  ]
  const asked = { workspace: 1, versions, from: at(7), to: at(61), asOf: 50, burnAbove: 0.1 }
  const [found, ...none] = await readSliceHours(telemetry, asked)
  expect(none).toEqual([])
  const { sloId, version, ...columns } = found as VersionHours
  expect([sloId, version]).toEqual(['slo_h', 1])
  expect(Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, [...values]]))).toEqual({
    hour: [hour],
    good: [28],
    total: [40],
    rows: [5],
    uneven: [1],
    later: [0],
    measuredLow: [1 + 2 ** 29],
    measuredHigh: [1 + 2 ** 29],
    eventsLow: [1 + 2 ** 29],
    eventsHigh: [2 ** 29],
    burnLow: [2 ** 29],
    burnHigh: [2 ** 29],
  })
  // Version 3 of slo_2 has slices then, and was not asked for.
  const wider = await readSliceHours(telemetry, { ...asked, to: T + HOUR })
  expect(wider.map((one) => `${one.sloId} ${one.version}`)).toEqual(['slo_h 1'])
  expect(await readSliceHours(telemetry, { ...asked, versions: [] })).toEqual([])
})
