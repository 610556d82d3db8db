import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectedBuckets, expectedServices, type OracleSeries } from '../rollup-oracle.fixture.ts'
import { BUCKET_MS, MINUTE_MS } from './bucket-width.ts'
import {
  blockOf,
  definitionOf,
  definitionRows,
  END,
  inOrder,
  someCourse,
  someSeries,
  START,
  type Course,
  type Sent,
} from './course.fixture.ts'
import { RunningRollups, type ClosedStretch } from './running-rollups.ts'

const WORKSPACE = 7

/** A store that computes from its samples what is asked of it, by the oracle, and keeps the newest of each row. */
class OracleStore {
  readonly buckets = new Map<string, object>()
  readonly services = new Map<string, object>()
  readonly #computed = new Set<string>()
  readonly #all: readonly OracleSeries[]
  readonly #samples: Sent[] = []

  constructor(all: readonly OracleSeries[]) {
    this.#all = all
  }

  add(samples: readonly Sent[]): void {
    this.#samples.push(...samples)
  }

  get newest(): number {
    return Math.max(0, ...this.#samples.filter(({ value }) => !Number.isNaN(value)).map(({ at }) => at))
  }

  insert(rollups: RunningRollups, { services }: Pick<ClosedStretch, 'services'>): void {
    for (const chunk of rollups.takeRows())
      for (let i = 0; i < chunk.rows; i++) {
        const row = {
          series: chunk.series[2 * i]!,
          at: chunk.at[i]!,
          last: chunk.last[i]!,
          lastAt: chunk.lastAt[i]!,
          min: chunk.min[i]!,
          max: chunk.max[i]!,
          sum: chunk.sum[i]!,
          count: chunk.count[i]!,
          increase: chunk.increase[i]!,
        }
        this.#put(this.buckets, 'b', `${row.series} ${row.at}`, row, false)
      }
    for (const { minutes } of services)
      for (const { service, at, series, increase } of minutes) {
        const minute = (at - START) / MINUTE_MS
        this.#put(this.services, 's', `${service} ${minute}`, { service, minute, series, increase }, false)
      }
  }

  compute({ from, to }: ClosedStretch, ids: readonly string[] | null): void {
    const stored = this.#all.map((one, i) => ({
      ...one,
      samples: this.#samples.filter(({ series }) => series === i + 1).map(({ at, value }) => [at, value] as const),
    }))
    const isChanged = (i: number) => ids === null || ids.includes(String(i + 1))
    const changed = new Set(this.#all.filter((one, i) => !one.isGauge && isChanged(i)).map(({ service }) => service))
    for (const row of expectedBuckets(stored, from, to, BUCKET_MS))
      if (isChanged(row.series - 1)) this.#put(this.buckets, 'b', `${row.series} ${row.at}`, row, true)
    for (const row of expectedServices(stored, from, to)) {
      const minute = row.minute + (from - START) / MINUTE_MS
      if (changed.has(row.service)) this.#put(this.services, 's', `${row.service} ${minute}`, { ...row, minute }, true)
    }
  }

  #put(rows: Map<string, object>, kind: string, key: string, row: object, isComputed: boolean): void {
    if (!isComputed && this.#computed.has(kind + key)) return
    if (isComputed) this.#computed.add(kind + key)
    rows.set(key, row)
  }
}

const after = (...samples: (readonly [seconds: number, value: number])[]) =>
  samples.map(([seconds, value]) => [START + seconds * 1000, value] as const)

/** A series leaves for being silent, and its past comes in the order of time, some of it behind another close. */
const FORGOTTEN: [OracleSeries[], Course] = [
  [
    {
      isDelta: false,
      isGauge: false,
      service: 'api',
      samples: after(
        ...([
          [240, 0.75],
          [240, 0.75],
          [260, 6.75],
          [260, 9.75],
          [395, 5.75],
          [635, NaN],
          [685, NaN],
        ] as const),
        ...([
          [805, NaN],
          [910, 9.5],
          [910, 12.5],
          [945, NaN],
          [945, NaN],
          [1080, 1.25],
          [1175, 6.75],
        ] as const),
        [1290, 6.5],
      ),
    },
    {
      isDelta: false,
      isGauge: true,
      service: '',
      samples: after(
        ...([
          [110, 3],
          [110, 3],
          [650, 4.75],
          [2510, 2.75],
          [2510, 5.75],
          [5150, 3.75],
          [5690, 6.25],
        ] as const),
        ...([
          [6110, 9.25],
          [6110, 12.25],
          [6830, 6.5],
          [6915, 10],
          [6915, 13],
          [6970, 4],
        ] as const),
      ),
    },
  ],
  {
    storedBefore: 0,
    latePercent: 30,
    lateBy: 62,
    seed: 15,
    blocks: 5,
    namedAfter: 0,
    mostNamed: 2_000,
    informedAfter: 0,
    closes: [
      { afterBlock: 2, upTo: 1 },
      { afterBlock: 1, upTo: 8 },
      { afterBlock: 3, upTo: 5 },
    ],
  },
]

test('what goes by is summed like stored samples, and what cannot be is named to be computed', () => {
  const seen = { running: 0, computed: 0, unknown: 0, whole: 0 }
  fc.assert(
    fc.property(fc.array(someSeries, { minLength: 1, maxLength: 4 }), someCourse, (all, course) => {
      const store = new OracleStore(all)
      const rollups = new RunningRollups({ mostNamed: course.mostNamed })
      const order = inOrder(all, course)
      const stored = Math.floor((order.length * course.storedBefore) / 100)
      store.add(order.slice(0, stored))
      if (course.namedAfter < 0) rollups.take(blockOf(WORKSPACE, definitionRows(all), []))
      const close = (to: number) => {
        for (let from = START - BUCKET_MS; from < to; from += BUCKET_MS) {
          const stretch = rollups.close(from, from + BUCKET_MS)
          seen.running += rollups.rowCount
          store.insert(rollups, stretch)
          if (stretch.isUnknown) store.compute(stretch, null)
          else for (const { series } of stretch.changed) store.compute(stretch, series)
          seen.unknown += stretch.isUnknown ? 1 : 0
          seen.computed += stretch.changed.length
          seen.whole += stretch.changed.filter(({ series }) => series === null).length
        }
      }
      const size = Math.max(1, Math.ceil((order.length - stored) / course.blocks))
      for (let i = stored, block = 0; i < order.length; i += size, block++) {
        // What it hears of the store may be late, and then tells of samples that went by here.
        if (block === course.informedAfter) rollups.setWholeFrom(store.newest)
        store.add(order.slice(i, i + size))
        rollups.take(blockOf(WORKSPACE, [], order.slice(i, i + size)))
        if (block === course.namedAfter) rollups.define(WORKSPACE, all.map(definitionOf))
        for (const { afterBlock, upTo } of course.closes) if (afterBlock === block) close(START + upTo * BUCKET_MS)
      }
      rollups.setWholeFrom(store.newest)
      rollups.define(WORKSPACE, all.map(definitionOf))
      close(END)
      const byKey = (a: string, b: string) => (a < b ? -1 : 1)
      const rowsOf = (rows: Map<string, object>) => [...rows].toSorted(([a], [b]) => byKey(a, b)).map(([, row]) => row)
      const expected = new Map(
        expectedBuckets(all, START, END, BUCKET_MS).map((row) => [`${row.series} ${row.at}`, row]),
      )
      expect(rowsOf(store.buckets)).toEqual(rowsOf(expected))
      const minutes = new Map(expectedServices(all, START, END).map((row) => [`${row.service} ${row.minute}`, row]))
      expect(rowsOf(store.services)).toEqual(rowsOf(minutes))
    }),
    { numRuns: 800, endOnFailure: true, examples: [FORGOTTEN] },
  )
  // All ways have been gone.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(100)
}, 60_000)
