import { isUtf8 } from 'node:buffer'
import { ProtobufReader, type ByteRange } from '../otlp/protobuf-reader.ts'
import type { FamilyMetadata, MetricMetadata } from './metric-metadata.ts'
import { readNativeHistogram } from './native-histogram.ts'
import type { RemoteWriteRows } from './remote-write-rows.ts'
import { seriesLabels, type LabelTexts } from './series-labels.ts'
import { METRIC_TYPE } from './series-type.ts'
import type { UsualSeries } from './usual-series.ts'

/** A TimeSeries that is to be read: the content of its message. */
export interface SeriesPart {
  range: ByteRange
  /** Its samples have been read already. */
  skipSamples: boolean
}

const FORMAT = 'remote write 1.0 protobuf'

/**
 * Drives `rows` with a prometheus.WriteRequest (https://prometheus.io/docs/specs/prw/remote_write_spec/, and
 * prompb/types.proto for histograms, exemplars and metadata): timeseries = 1, metadata = 3. Throws NinesError
 * 'bad_request' for malformed bytes; rows before them have been given to `rows` by then.
 */
export function readWriteRequest1(
  bytes: Buffer,
  rows: RemoteWriteRows,
  metadata: MetricMetadata,
  workspace: number,
): void {
  const request = new WriteRequest1(bytes, rows, metadata, workspace)
  const { series, families } = request.parts()
  for (const family of families) request.readMetadata(family)
  for (const range of series) request.readSeries({ range, skipSamples: false })
}

/** Reads parts of a request; `readWriteRequest1` reads all of one. */
export class WriteRequest1 {
  readonly #reader: ProtobufReader
  readonly #rows: RemoteWriteRows
  readonly #metadata: MetricMetadata
  readonly #workspace: number
  readonly #usual: UsualSeries | undefined
  /** The metric of the last series, and what was said of it. */
  #metric = ''
  #family: FamilyMetadata = { unit: '', description: '' }

  /** @param usual reads series of the usual shape for less; without it every series is read in general, to the same rows */
  constructor(bytes: Buffer, rows: RemoteWriteRows, metadata: MetricMetadata, workspace: number, usual?: UsualSeries) {
    this.#reader = new ProtobufReader(bytes, FORMAT)
    this.#rows = rows
    this.#metadata = metadata
    this.#workspace = workspace
    this.#usual = usual
    usual?.open(bytes)
  }

  parts(): { series: ByteRange[]; families: ByteRange[] } {
    const reader = this.#reader
    const [series, families]: [ByteRange[], ByteRange[]] = [[], []]
    reader.open(0, reader.bytes.length, 'WriteRequest')
    while (reader.next()) {
      if (reader.field === 1) series.push(reader.range())
      else if (reader.field === 3) families.push(reader.range())
      else reader.skip()
    }
    return { series, families }
  }

  /** MetricMetadata: metric_family_name = 2, help = 4, unit = 5. */
  readMetadata({ start, end }: ByteRange): void {
    const reader = this.#reader
    let [family, description, unit] = ['', '', '']
    reader.open(start, end, 'MetricMetadata')
    while (reader.next()) {
      if (reader.field === 2) family = reader.string()
      else if (reader.field === 4) description = reader.string()
      else if (reader.field === 5) unit = reader.string()
      else reader.skip()
    }
    this.#metadata.set(this.#workspace, family, { unit, description })
    this.#metric = ''
  }

  /** TimeSeries: labels = 1, samples = 2, exemplars = 3, histograms = 4. */
  readSeries({ range, skipSamples }: SeriesPart): void {
    if (!skipSamples && this.#usual && this.#readUsual(this.#usual, range)) return
    const reader = this.#reader
    const [labels, samples, exemplars, histograms]: ByteRange[][] = [[], [], [], []]
    reader.open(range.start, range.end, 'TimeSeries')
    while (reader.next()) {
      if (reader.field === 1) labels!.push(reader.range())
      else if (reader.field === 2) samples!.push(reader.range())
      else if (reader.field === 3) exemplars!.push(reader.range())
      else if (reader.field === 4) histograms!.push(reader.range())
      else reader.skip()
    }
    const found = seriesLabels(this.#labels(labels!), this.#rows.limits)
    const { unit, description } = this.#metadata.get(this.#workspace, found.metric)
    this.#rows.series({ ...found, type: METRIC_TYPE.unspecified, unit, description })
    if (!skipSamples) for (const sample of samples!) readSample(reader, sample, this.#rows, 0)
    else if (samples!.length > 0) this.#rows.samplesTaken()
    for (const histogram of histograms!) this.#rows.histogram(readNativeHistogram(reader, histogram))
    for (const exemplar of exemplars!) this.#readExemplar(exemplar)
  }

  #readUsual(usual: UsualSeries, range: ByteRange): boolean {
    if (!usual.read(range, this.#rows.limits)) return false
    const { definition } = usual
    const { unit, description } = this.#metadataOf(definition.metric)
    definition.unit = unit
    definition.description = description
    return this.#rows.usualSeries(usual)
  }

  /** Senders write the series of a metric one after the other. */
  #metadataOf(metric: string): FamilyMetadata {
    if (metric !== this.#metric) {
      this.#metric = metric
      this.#family = this.#metadata.get(this.#workspace, metric)
    }
    return this.#family
  }

  /** Exemplar: labels = 1, value = 2, timestamp = 3. */
  #readExemplar({ start, end }: ByteRange): void {
    const reader = this.#reader
    const labels: ByteRange[] = []
    let value = 0
    let at = 0
    reader.open(start, end, 'Exemplar')
    while (reader.next()) {
      if (reader.field === 1) labels.push(reader.range())
      else if (reader.field === 2) value = reader.double()
      else if (reader.field === 3) at = reader.int64AsNumber()
      else reader.skip()
    }
    this.#rows.exemplar(this.#labels(labels), at, value)
  }

  /** Label: name = 1, value = 2. */
  #labels(labels: readonly ByteRange[]): LabelTexts {
    const reader = this.#reader
    const texts: (string | null)[] = []
    for (const { start, end } of labels) {
      let name: string | null = ''
      let value: string | null = ''
      reader.open(start, end, 'Label')
      while (reader.next()) {
        if (reader.field === 1) name = utf8Field(reader)
        else if (reader.field === 2) value = utf8Field(reader)
        else reader.skip()
      }
      texts.push(name, value)
    }
    return texts
  }
}

/** Sample: value = 1, timestamp = 2, start_timestamp = 3 in version 2. `created` holds where it has no start of its own. */
export function readSample(
  reader: ProtobufReader,
  { start, end }: ByteRange,
  rows: RemoteWriteRows,
  created: number,
): void {
  let [low, high, at, from] = [0, 0, 0, 0]
  reader.open(start, end, 'Sample')
  while (reader.next()) {
    if (reader.field === 1) {
      const offset = reader.fixed64()
      low = reader.lowWord(offset)
      high = reader.highWord(offset)
    } else if (reader.field === 2) at = reader.int64AsNumber()
    else if (reader.field === 3) from = reader.int64AsNumber()
    else reader.skip()
  }
  rows.sample(at, from === 0 ? created : from, low, high)
}

function utf8Field(reader: ProtobufReader): string | null {
  const start = reader.content()
  return utf8Text(reader.bytes, start, reader.pos)
}

/** The text; null when it is not UTF-8. */
export function utf8Text(bytes: Buffer, start: number, end: number): string | null {
  const text = bytes.toString('utf8', start, end)
  // Decoding puts U+FFFD for what is malformed, but a sender may also mean it.
  return text.includes('\u{fffd}') && !isUtf8(bytes.subarray(start, end)) ? null : text
}
