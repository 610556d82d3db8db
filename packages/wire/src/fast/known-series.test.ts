import { describe, expect, test } from 'vitest'
import { kindsOf, learnAll, missesOf, rowsOf } from './decoding.fixture.ts'
import { loadDecoder } from './load-decoder.ts'
import { MetricDecoder, type MetricDecoderOptions } from './metric-decoder.ts'
import { MissKind } from './miss.ts'
import { NOW, seriesNamed, stored, writeRequest1 } from './remote-write.fixture.ts'

const WORKSPACE = 7
const MINUTE = 60_000

const module = await loadDecoder()

/** A decoder that reads one sample of each of the series number `from` to `to`, or of each that `stride` leaves. */
function reader(options: MetricDecoderOptions = {}) {
  const decoder = new MetricDecoder(module, options)
  const read = (from: number, to: number, nowMs = NOW, stride = 1) => {
    const series = Array.from({ length: Math.ceil((to - from) / stride) }, (_, i) =>
      seriesNamed(`i-${from + i * stride}`, [{ value: i, at: nowMs }]),
    )
    return decoder.remoteWrite1(stored(writeRequest1(series)), WORKSPACE, nowMs, 64 * 1_048_576)!
  }
  return { decoder, read }
}

describe('the table of known series', () => {
  test('grows with the number of series and finds every one, in any order', () => {
    const { decoder, read } = reader()
    const step = 4_000
    for (let from = 0; from < 24_000; from += step) learnAll(decoder, read(from, from + step), BigInt(from))
    expect(decoder.known).toBe(24_000)
    for (const from of [20_000, 0, 8_000, 16_000, 4_000, 12_000]) {
      const rows = read(from, from + step)
      expect(rows).toMatchObject({ count: step, missCount: 0 })
      expect(rowsOf(rows).every(({ series }, i) => series === BigInt(from + i))).toBe(true)
    }
    // Some left out, as by a sender that shares its series out among connections.
    for (const stride of [2, 3, 5, 7])
      expect([...read(0, 500, NOW, stride).series]).toEqual(
        Array.from({ length: Math.ceil(500 / stride) }, (_, i) => BigInt(i * stride)),
      )
    for (let one = 23_999; one >= 0; one -= 997) expect(read(one, one + 1).series[0]).toBe(BigInt(one))
  })

  test('a series comes up as a miss again when its announcement is due, each at a time of its own', () => {
    const { decoder, read } = reader({ announceEveryMinutes: 60 })
    const count = 2_000
    learnAll(decoder, read(0, count))
    const missesAfter = (minutes: number) => read(0, count, NOW + minutes * MINUTE).missCount
    expect(missesAfter(44)).toBe(0)
    const [early, middle, late] = [missesAfter(50), missesAfter(60), missesAfter(70)]
    expect(early).toBeGreaterThan(count / 10)
    expect(middle).toBeGreaterThan(count * 0.4)
    expect(middle).toBeLessThan(count * 0.6)
    expect(late).toBeLessThan(count * 0.9)
    expect(missesAfter(75)).toBe(count)
    expect(kindsOf(read(0, 1, NOW + 75 * MINUTE))).toEqual([MissKind.series])
    // Announced again, under another id.
    const later = NOW + 75 * MINUTE
    learnAll(decoder, read(0, count, later), 5_000n, later)
    expect(decoder.known).toBe(count)
    expect(read(0, count, later).missCount).toBe(0)
    expect(read(7, 8, later).series[0]).toBe(5_007n)
  })

  test('at its limit it drops what has expired, then what is not in use', () => {
    const { decoder, read } = reader({ seriesLimit: 1_000, announceEveryMinutes: 600 })
    learnAll(decoder, read(0, 1_000))
    const later = NOW + 60 * MINUTE
    // The first 300 are in use an hour later.
    expect(read(0, 300, later).count).toBe(300)
    learnAll(decoder, read(1_000, 1_001, later), 1n, later)
    expect(decoder.known).toBe(301)
    expect(read(0, 300, later).count).toBe(300)
    expect(read(300, 1_000, later).missCount).toBe(700)
    expect(read(1_000, 1_001, later).count).toBe(1)
    const expired = NOW + 2_000 * MINUTE
    learnAll(decoder, read(2_000, 3_000, expired), 1n, expired)
    expect(decoder.known).toBe(1_000)
    expect(read(2_000, 3_000, expired).count).toBe(1_000)
  })

  test('with more series in use than its limit it never outgrows it, and knows a share of them', () => {
    const { decoder, read } = reader({ seriesLimit: 1_000 })
    for (let round = 0; round < 5; round++) {
      const rows = read(0, 3_000)
      expect(rows.count + rows.missCount).toBe(3_000)
      learnAll(decoder, rows)
      expect(decoder.known).toBeLessThanOrEqual(1_000)
    }
    expect(read(0, 3_000).count).toBeGreaterThan(200)
  })

  test('forgetting a workspace makes all of its series unknown, and no other', () => {
    const { decoder, read } = reader()
    const other = () =>
      decoder.remoteWrite1(stored(writeRequest1([seriesNamed('x', [{ value: 1, at: NOW }])])), 8, NOW, 1_000)!
    learnAll(decoder, read(0, 10))
    learnAll(decoder, other())
    const before = missesOf(read(20, 21))[0]!.key
    decoder.forget(WORKSPACE)
    expect(read(0, 10).missCount).toBe(10)
    expect(other().count).toBe(1)
    expect(missesOf(read(20, 21))[0]!.key).not.toEqual(before)
  })

  test('two decoders make different keys', () => {
    const [one, other] = [reader(), reader()]
    expect(missesOf(one.read(0, 1))[0]!.key).not.toEqual(missesOf(other.read(0, 1))[0]!.key)
  })

  test('refuses limits that it cannot hold', () => {
    for (const seriesLimit of [0, 15, 4_194_303, NaN])
      expect(() => new MetricDecoder(module, { seriesLimit })).toThrow('seriesLimit must be from 16 to 4194302')
    expect(() => new MetricDecoder(module, { seriesLimit: 4_194_302 })).not.toThrow()
  })
})
