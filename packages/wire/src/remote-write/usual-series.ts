import type { LabelLimits } from '../metrics/metric-limits.ts'
import type { ByteRange } from '../otlp/protobuf-reader.ts'
import { SeriesBytes } from '../series/series-bytes.ts'
import { SURELY_SHORT_NAME } from './series-labels.ts'
import { METRIC_TYPE, semanticsOf } from './series-type.ts'

/** Tags: labels and samples of a TimeSeries, name and value of a Label, value and time of a Sample. */
const FIRST_MESSAGE = 0x0a
const SECOND_MESSAGE = 0x12
const FIRST_DOUBLE = 0x09
const SECOND_VARINT = 0x10
const NAME = Buffer.from('__name__')
const PROTO = Buffer.from('__proto__')
const FIRST_SAMPLES = 16
/** Of a varint that a number holds exactly. */
const MAX_TIME_BYTES = 7

/**
 * Reads a TimeSeries of remote write 1.0 in the shape that nearly all senders give it: labels first, each a name and a
 * value, `__name__` before the others and those sorted, every text plain and surely within its limits; then samples, and
 * nothing else. It answers false for every other: `WriteRequest1.readSeries` decides what that is. Makes no objects.
 */
export class UsualSeries {
  readonly definition = new SeriesBytes()
  #bytes: Buffer = NAME
  #view = viewOf(NAME)
  #pos = 0
  #end = 0
  sampleCount = 0
  #at = new Float64Array(FIRST_SAMPLES)
  /** Low and high word of each value. */
  #values = new Uint32Array(2 * FIRST_SAMPLES)

  /** From now on parts of these bytes are read. */
  open(bytes: Buffer): void {
    this.#bytes = bytes
    this.#view = viewOf(bytes)
  }

  at(sample: number): number {
    return this.#at[sample]!
  }

  low(sample: number): number {
    return this.#values[2 * sample]!
  }

  high(sample: number): number {
    return this.#values[2 * sample + 1]!
  }

  read({ start, end }: ByteRange, limits: LabelLimits): boolean {
    this.#pos = start
    this.#end = end
    this.sampleCount = 0
    const bytes = this.#bytes
    let labels = 0
    while (this.#pos < end && bytes[this.#pos] === FIRST_MESSAGE) {
      if (++labels > limits.maxLabels || !this.#readLabel(labels === 1, limits)) return false
    }
    if (labels === 0) return false
    while (this.#pos < end) if (bytes[this.#pos] !== SECOND_MESSAGE || !this.#readSample()) return false
    return this.sampleCount > 0
  }

  /** Label: name = 1, value = 2. */
  #readLabel(isFirst: boolean, { maxLabelNameBytes, maxLabelValueBytes }: LabelLimits): boolean {
    const bytes = this.#bytes
    const end = this.#messageEnd(this.#end)
    if (end < 0 || bytes[this.#pos] !== FIRST_MESSAGE) return false
    const nameEnd = this.#messageEnd(end)
    const nameStart = this.#pos
    if (nameEnd <= nameStart || nameEnd >= end || bytes[nameEnd] !== SECOND_MESSAGE) return false
    this.#pos = nameEnd
    const valueEnd = this.#messageEnd(end)
    const valueStart = this.#pos
    if (valueEnd !== end || valueEnd <= valueStart) return false
    this.#pos = end
    if (isFirst) return this.#readMetric(nameStart, nameEnd, valueStart, valueEnd)
    // No character of a text takes more than three bytes: what is checked elsewhere by characters is as long here.
    if (3 * (nameEnd - nameStart) > maxLabelNameBytes || 3 * (valueEnd - valueStart) > maxLabelValueBytes) return false
    if (this.#isText(NAME, nameStart, nameEnd) || this.#isText(PROTO, nameStart, nameEnd)) return false
    return this.definition.label(nameStart, nameEnd, valueStart, valueEnd)
  }

  #readMetric(nameStart: number, nameEnd: number, valueStart: number, valueEnd: number): boolean {
    if (!this.#isText(NAME, nameStart, nameEnd) || valueEnd - valueStart > SURELY_SHORT_NAME) return false
    const { definition } = this
    if (!definition.begin(this.#bytes, valueStart, valueEnd)) return false
    definition.setSemantics(semanticsOf(definition.metric, METRIC_TYPE.unspecified))
    return true
  }

  /** Sample: value = 1, left out where it is 0, and timestamp = 2. */
  #readSample(): boolean {
    const bytes = this.#bytes
    const end = this.#messageEnd(this.#end)
    if (end < 0) return false
    let [low, high] = [0, 0]
    if (bytes[this.#pos] === FIRST_DOUBLE) {
      if (end - this.#pos < 9) return false
      low = this.#view.getUint32(this.#pos + 1, true)
      high = this.#view.getUint32(this.#pos + 5, true)
      this.#pos += 9
    }
    if (this.#pos >= end || bytes[this.#pos++] !== SECOND_VARINT || end - this.#pos > MAX_TIME_BYTES) return false
    let at = 0
    for (let factor = 1; ; factor *= 128) {
      if (this.#pos >= end) return false
      const byte = bytes[this.#pos++]!
      at += (byte & 0x7f) * factor
      if (byte < 0x80) break
    }
    if (this.#pos !== end) return false
    this.#addSample(at, low, high)
    return true
  }

  #addSample(at: number, low: number, high: number): void {
    if (this.sampleCount === this.#at.length) {
      const [at, values] = [this.#at, this.#values]
      this.#at = new Float64Array(2 * at.length)
      this.#at.set(at)
      this.#values = new Uint32Array(2 * values.length)
      this.#values.set(values)
    }
    const i = this.sampleCount++
    this.#at[i] = at
    this.#values[2 * i] = low
    this.#values[2 * i + 1] = high
  }

  /** Passes over a tag and the length behind it; the end of the content, or -1 when it is not within `end`. */
  #messageEnd(end: number): number {
    const bytes = this.#bytes
    let pos = this.#pos + 1
    if (pos >= end) return -1
    let length = bytes[pos++]!
    if (length >= 0x80) {
      const second = pos < end ? bytes[pos++]! : 0x80
      if (second >= 0x80) return -1
      length = (length & 0x7f) | (second << 7)
    }
    this.#pos = pos
    return length <= end - pos ? pos + length : -1
  }

  #isText(text: Buffer, start: number, end: number): boolean {
    if (end - start !== text.length) return false
    for (let i = 0; i < text.length; i++) if (text[i] !== this.#bytes[start + i]) return false
    return true
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
