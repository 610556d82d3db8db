import { compress } from 'snappyjs'
import { beforeEach, describe, expect, test } from 'vitest'
import { kindsOf, learnAll, missesOf, rowsOf } from './decoding.fixture.ts'
import { loadDecoder } from './load-decoder.ts'
import { MetricDecoder, type FastRows } from './metric-decoder.ts'
import { MissKind } from './miss.ts'
import { bitsOf, bytes, integer, message, permutations, UNKNOWN } from './protobuf-writer.fixture.ts'
import { NOW, partsOf1, seriesNamed, stored, writeRequest1, type WrittenSeries } from './remote-write.fixture.ts'

const WORKSPACE = 7
const MAX_BYTES = 1_000_000
const STALE_NAN = 0x7ff0000000000002n
const OTHER_NAN = 0xfff8dead_beef0001n

const module = await loadDecoder()
let decoder: MetricDecoder

beforeEach(() => {
  decoder = new MetricDecoder(module)
})

const readBody = (body: Buffer, nowMs = NOW, workspace = WORKSPACE) =>
  decoder.remoteWrite1(body, workspace, nowMs, MAX_BYTES)

function read(raw: Buffer, nowMs = NOW, workspace = WORKSPACE): FastRows {
  const rows = readBody(Buffer.from(compress(raw)), nowMs, workspace)
  expect(rows).not.toBeNull()
  return rows!
}

const three: WrittenSeries[] = ['a', 'b', 'c'].map((name, i) =>
  seriesNamed(name, [
    { value: i + 0.5, at: NOW - 15_000 },
    { value: -i, at: NOW },
  ]),
)

describe('remote write 1', () => {
  test('a series is a miss until it is learnt, then its samples are rows', () => {
    const raw = writeRequest1(three)
    const first = read(raw)
    expect(first.count).toBe(0)
    expect(kindsOf(first)).toEqual([MissKind.series, MissKind.series, MissKind.series])
    expect(decoder.rawBytes().equals(raw)).toBe(true)
    const contents = missesOf(first).map(({ message: { start, end } }) => decoder.rawBytes().subarray(start, end))
    expect(contents).toEqual(three.map((series) => Buffer.concat(partsOf1(series))))
    learnAll(decoder, first, 100n)

    const rows = read(raw)
    expect(rows.missCount).toBe(0)
    expect(rowsOf(rows)).toEqual(
      three.flatMap(({ samples }, i) =>
        samples.map(({ value, at }) => ({ series: 100n + BigInt(i), at, start: 0, bits: bitsOf(value as number) })),
      ),
    )
    expect(rows).toMatchObject({ start: null, minAt: NOW - 15_000, maxAt: NOW })
    expect(decoder.known).toBe(3)
  })

  test('every bit of a value is kept, stale markers, infinities and NaNs with a payload included', () => {
    const values = [STALE_NAN, OTHER_NAN, bitsOf(-0), bitsOf(Infinity), bitsOf(-Infinity), bitsOf(5e-324)]
    const raw = writeRequest1([
      seriesNamed(
        'a',
        values.map((value) => ({ value, at: NOW })),
      ),
    ])
    learnAll(decoder, read(raw))
    expect(rowsOf(read(raw)).map(({ bits }) => bits)).toEqual(values)
  })

  test('fields that proto3 leaves out are zero', () => {
    const labels = partsOf1(three[0]!)[0]!
    const raw = message(1, [labels, message(2, [integer(2, NOW)])])
    learnAll(decoder, read(raw))
    expect(rowsOf(read(raw))).toEqual([{ series: 1n, at: NOW, start: 0, bits: 0n }])
  })

  test('parts of a series may come in any order, with unknown fields between them', () => {
    learnAll(decoder, read(writeRequest1(three)), 1n)
    const expected = rowsOf(read(writeRequest1([three[1]!])))
    for (const parts of permutations([...partsOf1(three[1]!), ...UNKNOWN.slice(0, 2)])) {
      const rows = read(Buffer.concat([UNKNOWN[2]!, message(1, parts), UNKNOWN[3]!]))
      expect(rowsOf(rows).toSorted((one, other) => one.at - other.at)).toEqual(expected)
      expect(rows.missCount).toBe(0)
    }
  })

  test('labels that do not follow one another make a miss without a key', () => {
    const label = (name: string) => message(1, [bytes(1, name), bytes(2, 'x')])
    const sample = partsOf1(three[0]!)[1]!
    expect(kindsOf(read(message(1, [label('a'), sample, label('b')])))).toEqual([MissKind.plain])
    expect(kindsOf(read(message(1, [sample])))).toEqual([MissKind.plain])
    expect(kindsOf(read(message(1, [label('a')])))).toEqual([MissKind.plain])
    expect(kindsOf(read(message(1, [])))).toEqual([MissKind.plain])
  })

  test('exemplars and histograms remain as extras of a series whose samples are read', () => {
    const histograms = [Buffer.from('histogram')]
    const series = seriesNamed('a', [{ value: 1, at: NOW }], { exemplars: [Buffer.from('exemplar')], histograms })
    const only = seriesNamed('b', [], { histograms })
    const raw = writeRequest1([series, only])
    learnAll(decoder, read(raw))
    const rows = read(raw)
    expect(rows.count).toBe(1)
    expect(kindsOf(rows)).toEqual([MissKind.extras, MissKind.extras])
    expect(missesOf(rows)[0]!.message.end).toBe(missesOf(rows)[1]!.message.start - 2)
  })

  test('metadata messages are handed on', () => {
    const raw = Buffer.concat([writeRequest1(three), bytes(3, 'metadata')])
    const [last] = missesOf(read(raw)).slice(-1)
    expect(last!.kind).toBe(MissKind.metadata)
    expect(raw.toString('latin1', last!.message.start, last!.message.end)).toBe('metadata')
  })

  test('a series with a time outside the window is left alone as a whole', () => {
    const at = (ms: number) =>
      writeRequest1([
        seriesNamed('a', [
          { value: 1, at: NOW },
          { value: 2, at: ms },
        ]),
      ])
    learnAll(decoder, read(at(NOW)))
    const [oldest, newest] = [NOW - 400 * 86_400_000, NOW + 600_000]
    for (const ms of [oldest, newest]) expect(read(at(ms)).count).toBe(2)
    for (const ms of [oldest - 1, newest + 1, 0, -NOW, 2 ** 53]) {
      const rows = read(at(ms))
      expect(rows).toMatchObject({ count: 0, minAt: 0, maxAt: 0 })
      expect(kindsOf(rows)).toEqual([MissKind.series])
    }
  })

  test('the same labels in another workspace are another series', () => {
    const raw = writeRequest1(three)
    learnAll(decoder, read(raw))
    expect(read(raw, NOW, WORKSPACE + 1).count).toBe(0)
    expect(read(raw).count).toBe(6)
  })

  test('an empty request is read', () => {
    expect(read(Buffer.alloc(0))).toMatchObject({ count: 0, missCount: 0 })
  })
})

describe('remote write 1, malformed', () => {
  test('a message cut anywhere is left whole to TypeScript unless it ends at a field', () => {
    const raw = writeRequest1(three)
    learnAll(decoder, read(raw))
    const ends = new Set([0, raw.length / 3, (raw.length * 2) / 3])
    for (let end = 0; end < raw.length; end++) {
      const rows = readBody(stored(raw.subarray(0, end)))
      expect(rows === null, `cut at ${end}`).toBe(!ends.has(end))
      expect(decoder.rawBytes().equals(raw.subarray(0, end))).toBe(true)
    }
  })

  test('known fields of another wire type, groups, field 0 and endless varints are left to TypeScript', () => {
    const labels = partsOf1(three[0]!)[0]!
    const bad = [
      integer(1, 5),
      Buffer.from([0x0b]),
      Buffer.from([0x02, 0x00]),
      message(1, [labels, integer(2, 5)]),
      message(1, [labels, message(2, [integer(1, 5)])]),
      message(1, [labels, message(2, [Buffer.from([0x10, ...Array<number>(10).fill(0xff), 1])])]),
      message(1, [labels, Buffer.from([0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])]),
    ]
    for (const raw of bad) expect(readBody(stored(raw)), raw.toString('hex')).toBeNull()
  })

  test('a corrupt or too large body is refused with a reason', () => {
    const body = stored(writeRequest1(three))
    expect(() => readBody(body.subarray(0, -1))).toThrow(/corrupt snappy body/)
    expect(() => decoder.remoteWrite1(body, WORKSPACE, NOW, 10)).toThrow(/at most 10/)
  })
})
