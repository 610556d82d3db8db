import type { SeriesDefinition, Temporality } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import { emptyBlock, seriesId } from '@nines/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTelemetry } from '../telemetry.ts'
import { insertBlocks } from '../write/insert-blocks.ts'
import { explicitShape, exponentialShape } from './histogram-shape.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const FROM = Date.UTC(2026, 9, 5, 10)
const WORKSPACE = 4
const services = await useServices()
const telemetry = createTelemetry({ url: services.clickhouseUrl, database: services.clickhouseDatabase })

const series = (kind: SeriesDefinition['kind'], temporality: Temporality, name: string): SeriesDefinition => {
  const definition = { metric: 'd', kind, temporality, monotonic: false, unit: 's', description: '', labels: { name } }
  return { id: seriesId(definition), ...definition }
}
const running = series('histogram', 'cumulative', 'running')
const increments = series('histogram', 'delta', 'increments')
const native = series('exponential_histogram', 'cumulative', 'native')
const nativeIncrements = series('exponential_histogram', 'delta', 'increments')

/** Every five minutes for three hours, of which the first has two points only. */
const instants = [
  FROM + 50 * MINUTE,
  FROM + 55 * MINUTE,
  ...Array.from({ length: 24 }, (_, i) => FROM + HOUR + i * 5 * MINUTE),
]

beforeAll(async () => {
  const base = { start: 0, sum: 0, min: NaN, max: NaN }
  const exponential = { ...base, zeroThreshold: 0, zeroCount: 0, negativeOffset: 0, negativeCounts: [] }
  await insertBlocks(
    telemetry,
    [
      {
        ...emptyBlock(WORKSPACE, FROM),
        series: [running, increments, native, nativeIncrements],
        histograms: instants.flatMap((at, i) => [
          {
            ...base,
            series: BigInt(running.id),
            at,
            count: 10 * i,
            bounds: [0.1, 0.5, 1],
            bucketCounts: [8 * i, i, i, 0],
          },
          // One bound is its own.
          { ...base, series: BigInt(increments.id), at, count: 10, bounds: [0.1, 0.3, 1], bucketCounts: [8, 1, 1, 0] },
        ]),
        exponentialHistograms: instants.flatMap((at, i) => [
          {
            ...exponential,
            series: BigInt(native.id),
            at,
            count: 4 * i,
            scale: 1,
            positiveOffset: -4,
            positiveCounts: [3 * i, i],
          },
          {
            ...exponential,
            series: BigInt(nativeIncrements.id),
            at,
            count: 4,
            scale: 0,
            positiveOffset: -2,
            positiveCounts: [3, 1],
          },
        ]),
      },
    ],
    'shape',
  )
})
afterAll(() => telemetry.close())

const of = (found: SeriesDefinition[], from = FROM, to = FROM + 24 * HOUR) => ({
  workspace: WORKSPACE,
  series: found,
  from,
  to,
})

test('running totals and increments together, by the bounds that both have', async () => {
  const shape = await explicitShape(telemetry, of([running, increments]), [0.5, 0.85, 0.99])
  // Eight in ten up to 0.1; of the rest no bound is common but 1.
  expect(shape).toMatchObject({ bounds: [0.1, 1], scale: null })
  expect(shape?.quantiles.map(({ value }) => Number(value.toPrecision(4)))).toEqual([0.0625, 0.325, 0.955])
})

test('within one hour the first and the last total count', async () => {
  const shape = await explicitShape(telemetry, of([running], FROM, FROM + HOUR), [0.99])
  expect(shape?.bounds).toEqual([0.1, 0.5, 1])
  expect(shape?.quantiles[0]?.value).toBeCloseTo(0.95, 9)
  expect(await explicitShape(telemetry, of([running], FROM, FROM + 52 * MINUTE), [0.99])).toBeNull()
})

test('exponential ones at the coarser scale; each alone at its own', async () => {
  const both = await exponentialShape(telemetry, of([native, nativeIncrements]), [0.99])
  expect(both).toMatchObject({ bounds: [], scale: 0 })
  const alone = await exponentialShape(telemetry, of([native]), [0.75, 1])
  expect(alone?.scale).toBe(1)
  expect(alone?.quantiles.map(({ value }) => Number(value.toPrecision(6)))).toEqual([
    Number((2 ** -1.5).toPrecision(6)),
    Number((2 ** -1).toPrecision(6)),
  ])
})

test('nothing of another workspace', async () => {
  expect(await explicitShape(telemetry, { ...of([running]), workspace: 5 }, [0.5])).toBeNull()
})
