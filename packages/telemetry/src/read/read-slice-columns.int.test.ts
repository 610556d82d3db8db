import { useServices } from '@nines/testkit'
import { emptyBlock } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTelemetry, type Telemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { slice } from '../write/test-blocks.ts'
import { readSliceColumns, type VersionColumns } from './read-slice-columns.ts'

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

const query = { workspace: 1, from: T, to: T + 10 * MINUTE, asOf: Date.now() }
const shown = (columns: VersionColumns[]) =>
  columns
    .map(({ sloId, version, minute, good, total, revision }) => ({
      name: `${sloId} ${version}`,
      rows: Array.from(minute, (at, i) => [at - T / MINUTE, good[i] ?? NaN, total[i] ?? NaN, revision[i] ?? NaN]).sort(
        (a, b) => (a[0] ?? 0) - (b[0] ?? 0) || (a[3] ?? 0) - (b[3] ?? 0),
      ),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

test('every known revision of the versions asked for, of one workspace, in [from, to)', async () => {
  const versions = [
    { sloId: 'slo_1', version: 1 },
    { sloId: 'slo_2', version: 3 },
    { sloId: 'slo_2', version: 1 },
  ]
  expect(shown(await readSliceColumns(telemetry, { ...query, versions }))).toEqual([
    {
      name: 'slo_1 1',
      rows: [
        [0, 9, 10, 1],
        [0, 0, 10, 8],
        [1, 1.5, 2.25, 5],
        [2, 9, 10, 2],
      ],
    },
    { name: 'slo_2 3', rows: [[0, 9, 10, 3]] },
  ])
})

test('what became known after the instant is left out; of no versions there is nothing', async () => {
  const versions = [{ sloId: 'slo_1', version: 1 }]
  expect(shown(await readSliceColumns(telemetry, { ...query, versions, asOf: 2 }))).toEqual([
    {
      name: 'slo_1 1',
      rows: [
        [0, 9, 10, 1],
        [2, 9, 10, 2],
      ],
    },
  ])
  expect(await readSliceColumns(telemetry, { ...query, versions: [] })).toEqual([])
  expect(await readSliceColumns(telemetry, { ...query, versions: [{ sloId: "x' OR 1=1", version: 1 }] })).toEqual([])
})
