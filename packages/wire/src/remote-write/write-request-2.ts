import { NinesError } from '@nines/kernel'
import { ProtobufReader, VARINT, type ByteRange } from '../otlp/protobuf-reader.ts'
import { Refused } from '../series/refused.ts'
import { readNativeHistogram } from './native-histogram.ts'
import type { RemoteWriteRows } from './remote-write-rows.ts'
import { seriesLabels, type LabelTexts } from './series-labels.ts'
import { readSample, utf8Text, type SeriesPart } from './write-request-1.ts'

const FORMAT = 'remote write 2.0 protobuf'

/**
 * Drives `rows` with an io.prometheus.write.v2.Request (https://prometheus.io/docs/specs/prw/remote_write_spec_2_0/):
 * symbols = 4, timeseries = 5. Throws NinesError 'bad_request' for malformed bytes or a table of symbols that does not
 * begin with the empty text; rows before malformed bytes have been given to `rows` by then.
 */
export function readWriteRequest2(bytes: Buffer, rows: RemoteWriteRows): void {
  const request = new WriteRequest2(bytes, rows)
  for (const range of request.series) request.readSeries({ range, skipSamples: false })
}

/** Reads parts of a request; `readWriteRequest2` reads all of one. */
export class WriteRequest2 {
  readonly series: readonly ByteRange[]
  readonly #reader: ProtobufReader
  readonly #rows: RemoteWriteRows
  readonly #symbols: ByteRange[] = []
  /** Symbols that were decoded. */
  readonly #texts: (string | null | undefined)[] = []

  constructor(bytes: Buffer, rows: RemoteWriteRows) {
    const reader = new ProtobufReader(bytes, FORMAT)
    this.#reader = reader
    this.#rows = rows
    const series: ByteRange[] = []
    reader.open(0, bytes.length, 'Request')
    while (reader.next()) {
      if (reader.field === 4) this.#symbols.push(reader.range())
      else if (reader.field === 5) series.push(reader.range())
      else reader.skip()
    }
    this.series = series
    const [first] = this.#symbols
    if (first ? first.start !== first.end : series.length > 0)
      throw new NinesError('bad_request', `${FORMAT}: the first of the symbols must be the empty text`)
  }

  /**
   * TimeSeries: labels_refs = 1, samples = 2, histograms = 3, exemplars = 4, metadata = 5; created_timestamp = 6 of the
   * specification's earlier drafts, for values that have no start of their own.
   */
  readSeries({ range, skipSamples }: SeriesPart): void {
    const reader = this.#reader
    const [samples, histograms, exemplars, metadata]: ByteRange[][] = [[], [], [], []]
    const refs: number[] = []
    let created = 0
    reader.open(range.start, range.end, 'TimeSeries')
    while (reader.next()) {
      if (reader.field === 1) reader.varints(() => refs.push(reader.uint32()))
      else if (reader.field === 2) samples!.push(reader.range())
      else if (reader.field === 3) histograms!.push(reader.range())
      else if (reader.field === 4) exemplars!.push(reader.range())
      else if (reader.field === 5) metadata!.push(reader.range())
      else if (reader.field === 6) created = reader.int64AsNumber()
      else reader.skip()
    }
    this.#openSeries(refs, metadata!)
    if (!skipSamples) for (const sample of samples!) readSample(reader, sample, this.#rows, created)
    else if (samples!.length > 0) this.#rows.samplesTaken()
    for (const message of histograms!) {
      const histogram = readNativeHistogram(reader, message)
      if (histogram.start === 0) histogram.start = created
      this.#rows.histogram(histogram)
    }
    for (const exemplar of exemplars!) this.#readExemplar(exemplar)
  }

  /** Metadata: type = 1, help_ref = 3, unit_ref = 4. */
  #openSeries(refs: readonly number[], parts: readonly ByteRange[]): void {
    const reader = this.#reader
    const metadata = { type: 0, help: 0, unit: 0 }
    for (const { start, end } of parts) {
      reader.open(start, end, 'Metadata')
      while (reader.next()) {
        if (reader.field === 1) metadata.type = varint32(reader)
        else if (reader.field === 3) metadata.help = varint32(reader)
        else if (reader.field === 4) metadata.unit = varint32(reader)
        else reader.skip()
      }
    }
    const [description, unit] = [this.#text(metadata.help), this.#text(metadata.unit)]
    const texts = this.#textsOf(refs)
    const refused = texts instanceof Refused ? texts : metadataRefusal(description, unit)
    const labels = seriesLabels(texts instanceof Refused ? [] : texts, this.#rows.limits)
    this.#rows.series({
      ...labels,
      refused: refused ?? labels.refused,
      type: metadata.type,
      unit: unit ?? '',
      description: description ?? '',
    })
  }

  /** Exemplar: labels_refs = 1, value = 2, timestamp = 3. */
  #readExemplar({ start, end }: ByteRange): void {
    const reader = this.#reader
    const refs: number[] = []
    let value = 0
    let at = 0
    reader.open(start, end, 'Exemplar')
    while (reader.next()) {
      if (reader.field === 1) reader.varints(() => refs.push(reader.uint32()))
      else if (reader.field === 2) value = reader.double()
      else if (reader.field === 3) at = reader.int64AsNumber()
      else reader.skip()
    }
    this.#rows.exemplar(this.#textsOf(refs), at, value)
  }

  #textsOf(refs: readonly number[]): LabelTexts | Refused {
    if (refs.length % 2 !== 0) return new Refused('invalid', `labels_refs has ${refs.length} items, which are no pairs`)
    const texts: (string | null)[] = []
    for (const ref of refs) {
      const text = this.#text(ref)
      if (text === undefined)
        return new Refused('invalid', `labels_refs points to symbol ${ref} of ${this.#symbols.length}`)
      texts.push(text)
    }
    return texts
  }

  /** undefined when there is no such symbol, null when it is not UTF-8. */
  #text(ref: number): string | null | undefined {
    const known = this.#texts[ref]
    const range = this.#symbols[ref]
    if (known !== undefined || !range) return known
    const text = utf8Text(this.#reader.bytes, range.start, range.end)
    this.#texts[ref] = text
    return text
  }
}

function varint32(reader: ProtobufReader): number {
  reader.expect(VARINT)
  return reader.uint32()
}

function metadataRefusal(help: string | null | undefined, unit: string | null | undefined): Refused | null {
  if (help === undefined || unit === undefined)
    return new Refused('invalid', 'its metadata points to a symbol that does not exist')
  return help === null || unit === null ? new Refused('invalid', 'its metadata is not valid UTF-8') : null
}
