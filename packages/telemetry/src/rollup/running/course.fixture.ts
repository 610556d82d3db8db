import { BlockBuilder, type Block } from '@nines/wire'
import * as fc from 'fast-check'
import { seriesDefinition } from '../../write/test-blocks.ts'
import { addRows, type TestRow } from '../../write/test-rows.ts'
import type { OracleSeries } from '../rollup-oracle.fixture.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Samples lie in (START, END]. */
export const START = Math.floor((Date.now() - 6 * HOUR) / HOUR) * HOUR
export const END = START + 2 * HOUR

export interface Sent {
  series: number
  at: number
  value: number
}

const value = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }).map((n) => n / 4) },
  { weight: 1, arbitrary: fc.constant(NaN) },
)
/** Gaps from seconds to more than the hour that a step may reach back over; instants also fall on edges of buckets. */
const pause = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 40 }).map((n) => n * 5_000) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 15 }).map((n) => n * MINUTE) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 80 }).map((n) => n * MINUTE) },
)

export const someSeries: fc.Arbitrary<OracleSeries> = fc
  .record({
    kind: fc.constantFrom('total', 'total', 'delta', 'gauge'),
    samples: fc.array(fc.tuple(pause, value, fc.constantFrom(0, 0, 0, 1, 2)), { minLength: 1, maxLength: 40 }),
    service: fc.constantFrom('web', 'api', ''),
  })
  .map(({ kind, samples, service }) => {
    let at = START
    const own = samples.flatMap(([after, v, again]) => {
      at += after
      // Sent twice, or with another value.
      const values = [[v], [v, v], [v, v + 3]][again]!
      return at <= END ? values.map((one) => [at, one] as const) : []
    })
    return { isDelta: kind === 'delta', isGauge: kind === 'gauge', service, samples: own }
  })

/** How samples come: what is stored before, how late some are, where blocks end, when buckets are closed and up to where. */
export const someCourse = fc.record({
  storedBefore: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100 })),
  latePercent: fc.constantFrom(0, 3, 30),
  lateBy: fc.integer({ min: 1, max: 100 }),
  seed: fc.nat({ max: 1_000_000 }),
  blocks: fc.integer({ min: 1, max: 8 }),
  closes: fc.array(fc.record({ afterBlock: fc.nat({ max: 7 }), upTo: fc.integer({ min: 1, max: 24 }) }), {
    maxLength: 4,
  }),
  /** The kinds of series are not in the blocks but found in the store, after so many blocks. */
  namedAfter: fc.oneof(fc.constant(-1), fc.nat({ max: 4 })),
  informedAfter: fc.nat({ max: 3 }),
  /** Series that are named at most where some are computed anew. */
  mostNamed: fc.constantFrom(1, 2_000),
})
export type Course = typeof someCourse extends fc.Arbitrary<infer T> ? T : never

/** The samples in the order in which they come. */
export function inOrder(all: readonly OracleSeries[], { latePercent, lateBy, seed }: Course): Sent[] {
  return all
    .flatMap((one, i) => one.samples.map(([at, v]) => ({ series: i + 1, at, value: v })))
    .toSorted((a, b) => a.at - b.at)
    .map((sample, i) => ({ sample, place: (i * 7919 + seed) % 100 < latePercent ? i + lateBy : i }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ sample }) => sample)
}

export function definitionRows(all: readonly OracleSeries[]): TestRow[] {
  return all.map((one, i) => ({ ...definitionOf(one, i), series: i + 1 }))
}

export function definitionOf(one: OracleSeries, i: number) {
  return seriesDefinition(i + 1, {
    kind: one.isGauge ? 'gauge' : 'sum',
    temporality: one.isGauge ? 'unspecified' : one.isDelta ? 'delta' : 'cumulative',
    labels: one.service === '' ? {} : { job: 'other', service: one.service },
  })
}

export function blockOf(workspace: number, series: TestRow[], samples: readonly Sent[]): Block {
  const builder = new BlockBuilder(workspace, Date.now())
  addRows(builder, 'series', series)
  addRows(builder, 'samples', samples as unknown as TestRow[])
  return builder.finish()
}
