import type { ReadRow } from './decoding.fixture.ts'
import { MissKind, type Miss } from './miss.ts'
import { expectWires, fieldsOf, runOf, type ReadField } from './reference-fields.fixture.ts'

/** What the decoder should give for a body, in which `known` are the series learnt, by a text of what makes their key. */
export interface Expected {
  rows: ReadRow[]
  misses: { kind: Miss['kind']; start: number; end: number; key: string }[]
}

export interface Window {
  minAt: number
  maxAt: number
}

type Known = ReadonlyMap<string, bigint>
type Sample = Omit<ReadRow, 'series'>

const int64 = (bits: bigint) => Number(BigInt.asIntN(64, bits))
const last = (fields: ReadField[], number: number) => fields.findLast(({ field }) => field === number)?.number ?? 0n

/** Collects rows of known series whose times are all inside the window, and the rest as misses. */
class Collector {
  readonly rows: ReadRow[] = []
  readonly misses: Expected['misses'] = []
  readonly #known: Known
  readonly #window: Window

  constructor(known: Known, window: Window) {
    this.#known = known
    this.#window = window
  }

  add(key: string | null, samples: Sample[], { start, end }: { start: number; end: number }, extras = false): void {
    const miss = (kind: Miss['kind']) => this.misses.push({ kind, start, end, key: key ?? '' })
    if (key === null) return void miss(MissKind.plain)
    const series = this.#known.get(key)
    const isInside = samples.every(({ at }) => at >= this.#window.minAt && at <= this.#window.maxAt)
    if (series === undefined || !isInside) return void miss(MissKind.series)
    this.rows.push(...samples.map((sample) => ({ series, ...sample })))
    if (extras) miss(MissKind.extras)
  }
}

function readSamples(bytes: Buffer, fields: ReadField[], created: number): Sample[] {
  return fields
    .filter(({ field }) => field === 2)
    .map((sample) => {
      const inside = fieldsOf(bytes, sample.start, sample.end)
      expectWires(inside, { 1: 1, 2: 0, 3: 0 })
      const at = int64(last(inside, 2))
      const start = int64(last(inside, 3)) || created
      return { at, start: start < 0 || start > at ? 0 : start, bits: last(inside, 1) }
    })
}

export function expectRemoteWrite1(bytes: Buffer, known: Known, window: Window): Expected {
  const out = new Collector(known, window)
  const top = fieldsOf(bytes, 0, bytes.length)
  expectWires(top, { 1: 2, 3: 2 })
  for (const each of top) {
    if (each.field === 3) out.misses.push({ kind: MissKind.metadata, start: each.start, end: each.end, key: '' })
    if (each.field !== 1) continue
    const fields = fieldsOf(bytes, each.start, each.end)
    expectWires(fields, { 1: 2, 2: 2, 3: 2, 4: 2 })
    const labels = runOf(fields, 1)
    const samples = readSamples(bytes, fields, 0)
    const extras = fields.some(({ field }) => field === 3 || field === 4)
    const hasKey = labels !== null && (samples.length > 0 || extras)
    out.add(hasKey ? bytes.toString('hex', labels.start, labels.end) : null, samples, each, extras)
  }
  return out
}

export function expectRemoteWrite2(bytes: Buffer, known: Known, window: Window): Expected {
  const out = new Collector(known, window)
  const top = fieldsOf(bytes, 0, bytes.length)
  expectWires(top, { 4: 2, 5: 2 })
  const symbols = top.filter(({ field }) => field === 4).map(({ start, end }) => bytes.toString('hex', start, end))
  for (const each of top.filter(({ field }) => field === 5)) {
    const fields = fieldsOf(bytes, each.start, each.end)
    expectWires(fields, { 2: 2, 3: 2, 4: 2, 5: 2, 6: 0 })
    const has = (number: number) => fields.some(({ field }) => field === number)
    const samples = readSamples(bytes, fields, int64(last(fields, 6)))
    const metadata = [0n, 0n, 0n]
    for (const { start, end } of fields.filter(({ field }) => field === 5)) {
      const inside = fieldsOf(bytes, start, end)
      expectWires(inside, { 1: 0, 3: 0, 4: 0 })
      for (const [i, number] of [1, 3, 4].entries())
        metadata[i] = inside.findLast(({ field }) => field === number)?.number ?? metadata[i]!
    }
    const labels = labelsOf(bytes, fields, symbols)
    const [type, ...texts] = [metadata[0], ...metadata.slice(1).map((ref) => symbols[Number(ref)])]
    const isSound =
      labels !== null && !texts.includes(undefined) && (has(3) ? samples.length === 0 : samples.length > 0 || has(4))
    out.add(isSound ? JSON.stringify([labels, Number(type), texts]) : null, samples, each, has(3) || has(4))
  }
  return out
}

/** The texts that a series refers to, or null where the decoder leaves that to TypeScript. */
function labelsOf(bytes: Buffer, fields: ReadField[], symbols: string[]): string[] | null {
  const refs = fields.filter(({ field }) => field === 1)
  if (refs.length !== 1 || refs[0]!.wire !== 2 || refs[0]!.start === refs[0]!.end) return null
  const texts: string[] = []
  for (let at = refs[0]!.start; at < refs[0]!.end;) {
    let ref = 0
    for (let shift = 0; ; shift += 7) {
      if (at >= refs[0]!.end || shift > 63) return null
      const byte = bytes[at++]!
      ref += (byte & 127) * 2 ** shift
      if (byte < 128) break
    }
    if (ref >= symbols.length) return null
    texts.push(symbols[ref]!)
  }
  return texts.length % 2 === 0 ? texts : null
}

export function expectOtlp(bytes: Buffer, known: Known, window: Window): Expected {
  const out = new Collector(known, window)
  const open = ({ start, end }: { start: number; end: number }, wires: Record<number, number>) => {
    const fields = fieldsOf(bytes, start, end)
    expectWires(fields, wires)
    return fields
  }
  const only = (fields: ReadField[], number: number) => {
    const found = fields.filter(({ field }) => field === number)
    if (found.length > 1) throw new Error('several of a singular message')
    return found[0] ? bytes.toString('hex', found[0].start, found[0].end) : null
  }
  for (const resource of open({ start: 0, end: bytes.length }, { 1: 2 }).filter(({ field }) => field === 1)) {
    const inResource = open(resource, { 1: 2, 2: 2, 3: 2 })
    for (const scope of inResource.filter(({ field }) => field === 2)) {
      const inScope = open(scope, { 1: 2, 2: 2, 3: 2 })
      for (const metric of inScope.filter(({ field }) => field === 2)) {
        const inMetric = open(metric, { 1: 2, 2: 2, 3: 2, 5: 2, 7: 2, 9: 2, 10: 2, 11: 2 })
        const data = inMetric.filter(({ field }) => [5, 7, 9, 10, 11].includes(field))
        if (data.length > 1) throw new Error('several kinds of data')
        const name = inMetric.findLast(({ field }) => field === 1)
        if (!data[0]) continue
        const kind = data[0].field
        if (kind > 7 || !name || name.start === name.end) {
          out.misses.push({ kind: MissKind.metric, start: metric.start, end: metric.start, key: '' })
          continue
        }
        const points = open(data[0], kind === 7 ? { 1: 2, 2: 0, 3: 0 } : { 1: 2 })
        const marks = kind === 7 ? [Number(last(points, 2)), last(points, 3) !== 0n] : []
        const head = [only(inResource, 1), only(inScope, 1), bytes.toString('hex', name.start, name.end), kind, marks]
        for (const point of points.filter(({ field }) => field === 1)) {
          const fields = open(point, { 2: 1, 3: 1, 4: 1, 5: 2, 6: 1, 7: 2, 8: 0 })
          readPoint(out, bytes, fields, point, head, kind === 5)
        }
      }
    }
    only(inResource, 1)
  }
  return out
}

function readPoint(
  out: Collector,
  bytes: Buffer,
  fields: ReadField[],
  place: ReadField,
  head: unknown[],
  isGauge: boolean,
): void {
  const attributes = fields.filter(({ field }) => field === 7)
  const run = runOf(fields, 7)
  const given = fields.findLast(({ field }) => field === 4 || field === 6)
  const word = Buffer.alloc(8)
  if (given?.field === 4) word.writeBigUInt64LE(given.number)
  else if (given) word.writeDoubleLE(Number(BigInt.asIntN(64, given.number)))
  const isFinite = given !== undefined && Number.isFinite(word.readDoubleLE())
  const says = fields.some(({ field, number }) => field === 5 || (field === 8 && number !== 0n))
  const text = run ? bytes.toString('hex', run.start, run.end) : ''
  const hasKey = isFinite && !says && (run !== null || attributes.length === 0)
  const at = Number(last(fields, 3) / 1_000_000n)
  const start = Number(last(fields, 2) / 1_000_000n)
  const sample = { at, start: isGauge || start > at ? 0 : start, bits: word.readBigUInt64LE() }
  out.add(hasKey ? JSON.stringify([...head, text]) : null, [sample], place)
}
