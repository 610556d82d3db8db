import { compress } from 'snappyjs'
import { beforeEach, describe, expect, test } from 'vitest'
import { kindsOf, learnAll, missesOf, rowsOf } from './decoding.fixture.ts'
import { loadDecoder } from './load-decoder.ts'
import { MetricDecoder, type FastRows } from './metric-decoder.ts'
import { MissKind } from './miss.ts'
import { bitsOf, bytes, integer, message, permutations, UNKNOWN, varint } from './protobuf-writer.fixture.ts'
import { NOW, partsOf2, seriesNamed, stored, SymbolTable, writeRequest2 } from './remote-write.fixture.ts'
import type { WrittenSeries } from './remote-write.fixture.ts'

const WORKSPACE = 7
const MAX_BYTES = 1_000_000
const COUNTER = 1
const GAUGE = 2

const module = await loadDecoder()
let decoder: MetricDecoder

beforeEach(() => {
  decoder = new MetricDecoder(module)
})

const readBody = (body: Buffer) => decoder.remoteWrite2(body, WORKSPACE, NOW, MAX_BYTES)

function read(raw: Buffer): FastRows {
  const rows = readBody(Buffer.from(compress(raw)))
  expect(rows).not.toBeNull()
  return rows!
}

const at = (ms: number, value = 1, start?: number) => [{ value, at: ms, ...(start === undefined ? {} : { start }) }]
const three: WrittenSeries[] = ['a', 'b', 'c'].map((name, i) => seriesNamed(name, at(NOW + i, i), { type: COUNTER }))

/** A request of hand-made messages over the symbols that they use. */
function request(write: (symbols: SymbolTable) => Buffer[]): Buffer {
  const symbols = new SymbolTable()
  const messages = write(symbols)
  return Buffer.concat([...symbols.fields(), ...messages])
}

describe('remote write 2', () => {
  test('a series is a miss until it is learnt, then its samples are rows', () => {
    const raw = writeRequest2(three)
    const first = read(raw)
    expect(kindsOf(first)).toEqual([MissKind.series, MissKind.series, MissKind.series])
    const { start, end } = missesOf(first)[2]!.message
    const symbols = new SymbolTable()
    const parts = three.map((series) => Buffer.concat(partsOf2(series, symbols)))
    expect(decoder.rawBytes().subarray(start, end)).toEqual(parts[2])
    learnAll(decoder, first, 100n)
    const rows = read(raw)
    expect(rows).toMatchObject({ missCount: 0, start: null, minAt: NOW, maxAt: NOW + 2 })
    expect(rowsOf(rows)).toEqual(
      [0, 1, 2].map((i) => ({ series: 100n + BigInt(i), at: NOW + i, start: 0, bits: bitsOf(i) })),
    )
  })

  test('a series is known whatever the numbers of its symbols, and wherever the symbols stand', () => {
    learnAll(decoder, read(writeRequest2(three)), 1n)
    const rows = read(writeRequest2(three.toReversed()))
    expect(rowsOf(rows).map(({ series }) => series)).toEqual([3n, 2n, 1n])
    const symbols = new SymbolTable()
    const messages = three.map((series) => message(5, partsOf2(series, symbols)))
    const [empty, ...others] = symbols.fields()
    for (const order of permutations([empty!, ...messages.slice(0, 2), Buffer.concat(others)])) {
      const body = stored(Buffer.concat(order))
      const isFirst = order.indexOf(empty!) < order.findIndex((part) => part.equals(Buffer.concat(others)))
      const found = readBody(body)
      // Symbol 0 has to be the empty one; the order of the rest is free.
      expect(found === null).toBe(!isFirst)
      if (found) expect(found).toMatchObject({ count: 2, missCount: 0 })
    }
  })

  test('the metadata is part of the key', () => {
    const described = (type: number, help: string, unit: string) =>
      request((symbols) => {
        const [refs, sample] = partsOf2(three[0]!, symbols)
        const metadata = [integer(1, type), integer(3, symbols.ref(help)), integer(4, symbols.ref(unit))]
        return [message(5, [refs!, sample!, message(5, metadata)])]
      })
    learnAll(decoder, read(writeRequest2(three)))
    expect(read(described(COUNTER, 'help', 'By'))).toMatchObject({ count: 1, missCount: 0 })
    for (const other of [described(GAUGE, 'help', 'By'), described(COUNTER, 'h', 'By'), described(COUNTER, 'help', '')])
      expect(kindsOf(read(other))).toEqual([MissKind.series])
    const nowhere = request((symbols) => {
      const [refs, sample] = partsOf2(three[0]!, symbols)
      return [message(5, [refs!, sample!, message(5, [integer(3, 99)])])]
    })
    expect(kindsOf(read(nowhere))).toEqual([MissKind.plain])
  })

  test('the order of labels, and where a name ends, are part of the key', () => {
    const base = seriesNamed('a', at(NOW))
    learnAll(decoder, read(writeRequest2([base])))
    const swapped = base.labels.map(([name, value]): [string, string] => [value, name])
    for (const labels of [
      base.labels.toReversed(),
      swapped,
      base.labels.slice(0, 2),
      [...base.labels, base.labels[0]!],
    ])
      expect(kindsOf(read(writeRequest2([{ ...base, labels }])))).toEqual([MissKind.series])
  })

  test('a start is the own one of a sample, else the created timestamp, and 0 when it is no time before the sample', () => {
    const started = (start: number | undefined, created?: number) => seriesNamed('a', at(NOW, 1, start), { created })
    learnAll(decoder, read(writeRequest2([started(undefined)])))
    const startOf = (series: WrittenSeries) => rowsOf(read(writeRequest2([series])))[0]!.start
    expect(startOf(started(NOW - 5))).toBe(NOW - 5)
    expect(startOf(started(NOW - 5, NOW - 9))).toBe(NOW - 5)
    expect(startOf(started(undefined, NOW - 9))).toBe(NOW - 9)
    expect(startOf(started(NOW))).toBe(NOW)
    for (const start of [0, NOW + 1, -1]) expect(startOf(started(start))).toBe(0)
    expect(startOf(started(undefined, NOW + 1))).toBe(0)
    const mixed = seriesNamed('a', [...at(NOW - 3, 1, NOW - 8), ...at(NOW)], { created: NOW - 9 })
    expect(rowsOf(read(writeRequest2([mixed]))).map(({ start }) => start)).toEqual([NOW - 8, NOW - 9])
  })

  test('parts of a series may come in any order, with unknown fields between them', () => {
    const series = seriesNamed('a', at(NOW), { type: COUNTER, created: NOW - 9 })
    learnAll(decoder, read(writeRequest2([series])))
    const expected = rowsOf(read(writeRequest2([series])))
    const parts = partsOf2(series, new SymbolTable())
    for (const order of permutations([...parts, UNKNOWN[0]!, UNKNOWN[3]!])) {
      const rows = read(request((symbols) => [message(5, (partsOf2(series, symbols), order)), UNKNOWN[2]!]))
      expect(rowsOf(rows)).toEqual(expected)
      expect(rows.missCount).toBe(0)
    }
  })

  test('exemplars and histograms are extras; histograms beside samples are left to TypeScript', () => {
    const histograms = [Buffer.from('h')]
    const exemplars = [Buffer.from('e')]
    const raw = writeRequest2([
      seriesNamed('a', at(NOW), { exemplars }),
      seriesNamed('b', [], { histograms }),
      seriesNamed('c', at(NOW), { histograms }),
      seriesNamed('d', []),
    ])
    learnAll(decoder, read(raw))
    const rows = read(raw)
    expect(kindsOf(rows)).toEqual([MissKind.extras, MissKind.extras, MissKind.plain, MissKind.plain])
    expect(rowsOf(rows).map(({ series }) => series)).toEqual([1n])
  })

  test('references that are odd in number, lead nowhere or are not packed make a miss without a key', () => {
    const withRefs = (...fields: Buffer[]) =>
      request((symbols) => {
        symbols.ref('name')
        return [message(5, [...fields, message(2, [integer(2, NOW)])])]
      })
    const packed = (...refs: (number | bigint)[]) => bytes(1, Buffer.concat(refs.map(varint)))
    expect(kindsOf(read(withRefs(packed(1, 1))))).toEqual([MissKind.series])
    const bad = [
      packed(1),
      packed(1, 2),
      packed(2, 1),
      packed(1, 1, 1),
      packed(1, 2n ** 40n),
      packed(1, 2n ** 32n + 1n),
      bytes(1, Buffer.from([1, 0x81])),
      bytes(1, Buffer.from([1, 0x81, 0x80])),
    ]
    for (const refs of bad) expect(kindsOf(read(withRefs(refs))), refs.toString('hex')).toEqual([MissKind.plain])
    expect(kindsOf(read(withRefs(integer(1, 1), integer(1, 1))))).toEqual([MissKind.plain])
    expect(kindsOf(read(withRefs()))).toEqual([MissKind.plain])
  })

  test('references and label sets of any size are found', () => {
    const long: [string, string][] = Array.from({ length: 100 }, (_, i) => [`label_${i}`, 'v'.repeat(i * 40)])
    const many = Array.from({ length: 20_000 }, (_, i) => seriesNamed(`i-${i}`, at(NOW, i)))
    const raw = writeRequest2([...many, { labels: long, samples: at(NOW) }])
    decoder = new MetricDecoder(module)
    const big = () => decoder.remoteWrite2(stored(raw), WORKSPACE, NOW, 10_000_000)
    expect(learnAll(decoder, big())).toBe(20_001)
    const rows = big()!
    expect(rows).toMatchObject({ count: 20_001, missCount: 0 })
    expect(rowsOf(rows).every(({ series }, i) => series === BigInt(i + 1))).toBe(true)
    const changed = long.with(99, [long[99]![0], `${long[99]![1].slice(1)}w`])
    expect(read(writeRequest2([{ labels: changed, samples: at(NOW) }])).count).toBe(0)
  })
})

describe('remote write 2, malformed', () => {
  test('a message cut anywhere is left whole to TypeScript unless it ends at a field', () => {
    const raw = writeRequest2(three)
    learnAll(decoder, read(raw))
    let read2 = 0
    for (let end = 1; end < raw.length; end++) {
      const rows = readBody(stored(raw.subarray(0, end)))
      if (rows) read2++
      expect(rows?.count ?? 0).toBeLessThan(3)
    }
    const symbols = new SymbolTable()
    for (const series of three) partsOf2(series, symbols)
    // After each symbol and each series but the last.
    expect(read2).toBe(symbols.fields().length + 2)
  })

  test('a request whose first symbol is not empty is left to TypeScript', () => {
    expect(readBody(stored(bytes(4, 'name')))).toBeNull()
  })
})
