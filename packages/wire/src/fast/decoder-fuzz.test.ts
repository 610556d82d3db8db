import { compress } from 'snappyjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { NinesError } from '@nines/kernel'
import { snappyDecompress } from '../snappy-decompress.ts'
import { learnAll, missesOf, rowsOf } from './decoding.fixture.ts'
import { loadDecoder } from './load-decoder.ts'
import { MetricDecoder, type FastRows } from './metric-decoder.ts'
import { MissKind } from './miss.ts'
import { mutated, seeded } from './mutations.fixture.ts'
import { attribute, gauge, point, request, sum } from './otlp.fixture.ts'
import { bytes, integer } from './protobuf-writer.fixture.ts'
import { expectOtlp, expectRemoteWrite1, expectRemoteWrite2, type Expected } from './reference-metrics.fixture.ts'
import { NOW, seriesNamed, stored, writeRequest1, writeRequest2 } from './remote-write.fixture.ts'
import type { WrittenSeries } from './remote-write.fixture.ts'

/** Changed bodies in all; a million takes about a minute. */
const ITERATIONS = Number(process.env['NINES_FUZZ_ITERATIONS'] ?? 20_000)
const SEED = Number(process.env['NINES_FUZZ_SEED'] ?? 20_261_126)
const WORKSPACE = 7
const MAX_BYTES = 100_000
const WINDOW = { minAt: NOW - 400 * 86_400_000, maxAt: NOW + 600_000 }

const decoder = new MetricDecoder(await loadDecoder())
const known = new Map<string, bigint>()

const series: WrittenSeries[] = [
  seriesNamed('a', [{ value: 1, at: NOW }], { type: 1 }),
  seriesNamed('b', [
    { value: 0x7ff0000000000002n, at: NOW - 15_000, start: NOW - 99 },
    { value: 2, at: NOW },
  ]),
  seriesNamed('c', [{ value: 3, at: NOW }], { exemplars: [bytes(1, 'trace')], created: NOW - 5 }),
  seriesNamed('d', [], { histograms: [integer(1, 9)] }),
  { labels: Array.from({ length: 40 }, (_, i) => [`label${i}`, `v${i}`]), samples: [{ value: -0, at: NOW }] },
]
const points = [
  point({ value: 1.5 }),
  point({ int: 5n, start: NOW - 10, attributes: [attribute('k', 'v'.repeat(50))] }),
]

interface Format {
  bodies: Buffer[]
  read: (raw: Buffer) => FastRows | null
  expected: (raw: Buffer, known: ReadonlyMap<string, bigint>, window: typeof WINDOW) => Expected
}

const FORMATS: Record<string, Format> = {
  'remote write 1': {
    bodies: [writeRequest1(series), Buffer.concat([bytes(3, 'metadata'), writeRequest1(series.slice(1, 3))])],
    read: (raw) => decoder.remoteWrite1(stored(raw), WORKSPACE, NOW, MAX_BYTES),
    expected: expectRemoteWrite1,
  },
  'remote write 2': {
    bodies: [writeRequest2(series), writeRequest2(series.slice(0, 2))],
    read: (raw) => decoder.remoteWrite2(stored(raw), WORKSPACE, NOW, MAX_BYTES),
    expected: expectRemoteWrite2,
  },
  OTLP: {
    bodies: [
      request([gauge('cpu', points), sum('requests', points, 2, true), sum('bytes', points.slice(1), 1, false)]),
      Buffer.concat([
        request([gauge('cpu', points)], { resource: Buffer.alloc(0) }),
        request([bytes(2, bytes(9, 'h'))]),
      ]),
    ],
    read: (raw) => decoder.otlp(raw, WORKSPACE, NOW),
    expected: expectOtlp,
  },
}

/** Learns the series of a body under ids of their own, here and in the decoder. */
function learn({ read, expected }: Format, raw: Buffer): void {
  const unknown = expected(raw, known, WINDOW).misses.filter(({ kind }) => kind === MissKind.series)
  const first = BigInt(known.size + 1)
  expect(learnAll(decoder, read(raw), first)).toBe(unknown.length)
  for (const [i, { key }] of unknown.entries()) known.set(key, first + BigInt(i))
}

const compared = ({ rows, misses }: Expected) => ({
  rows,
  misses: misses.map(({ kind, start, end }) => ({ kind, start, end })),
})

const found = (rows: FastRows) => ({
  rows: rowsOf(rows),
  misses: missesOf(rows).map(({ kind, message }) => ({ kind, ...message })),
})

/** Equal, without the cost of an assertion where there is nothing to show. */
function expectSame(rows: FastRows, expected: Expected, hint: string): void {
  const [is, should] = [found(rows), compared(expected)]
  const text = (value: unknown) => JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${part}n` : part))
  if (text(is) !== text(should)) expect(is, hint).toEqual(should)
}

beforeAll(() => {
  for (const format of Object.values(FORMATS)) for (const raw of format.bodies) learn(format, raw)
})

describe('bodies that were changed', { timeout: Math.max(60_000, ITERATIONS) }, () => {
  test.each(Object.keys(FORMATS))('%s: rows and misses are what a plain reading of the same bytes gives', (name) => {
    const format = FORMATS[name]!
    const random = seeded(SEED)
    const pristine = format.bodies.map((raw) => expectedOf(format, raw))
    let [read, rowsRead] = [0, 0]
    for (let i = 0; i < ITERATIONS / 4; i++) {
      const raw = mutated(format.bodies[i % 2]!, format.bodies[random(2)]!, random)
      const rows = format.read(raw)
      // What is left to TypeScript needs no comparison; what was read must be readable, and the same.
      if (!rows) continue
      read++
      rowsRead += rows.count
      expectSame(rows, format.expected(raw, known, WINDOW), `seed ${SEED}, change ${i}: ${raw.toString('hex')}`)
      if (i % 500 === 0)
        for (const [at, body] of format.bodies.entries())
          expectSame(format.read(body)!, pristine[at]!, body.toString('hex'))
    }
    // Enough must get through, or the comparison says little.
    expect(read).toBeGreaterThan(ITERATIONS / 100)
    expect(rowsRead).toBeGreaterThan(ITERATIONS / 100)
  })

  test('snappy: both implementations agree', () => {
    const random = seeded(SEED)
    const raws = [writeRequest1([...series, ...series]), Buffer.alloc(300, 'abcdefg'), Buffer.alloc(5)]
    const bodies = raws.map((raw) => Buffer.from(compress(raw)))
    let read = 0
    for (let i = 0; i < ITERATIONS / 4; i++) {
      const body = mutated(bodies[i % 3]!, bodies[random(3)]!, random)
      const slow = outcomeOf(() => snappyDecompress(body, MAX_BYTES))
      const fast = outcomeOf(() => decoder.decompress(body, MAX_BYTES))
      const isSame = typeof slow === 'string' || typeof fast === 'string' ? slow === fast : slow.equals(fast)
      expect(isSame, `seed ${SEED}, change ${i}: ${body.toString('hex')}`).toBe(true)
      if (typeof slow !== 'string') read++
      const rows = outcomeOf(() => decoder.remoteWrite1(body, WORKSPACE, NOW, MAX_BYTES))
      if (typeof slow === 'string') expect(rows).toBe(slow)
      else expect(decoder.rawBytes().equals(slow)).toBe(true)
    }
    expect(read).toBeGreaterThan(ITERATIONS / 100)
  })
})

const expectedOf = ({ expected }: Format, raw: Buffer) => expected(raw, known, WINDOW)

/** The result, or the words of a refusal; anything else that is thrown fails the test. */
function outcomeOf<T>(run: () => T): T | string {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof NinesError)) throw error
    return `${error.code}: ${error.message}`
  }
}
