import {
  MetricMetadata,
  metricsFromJson,
  metricsFromProtobuf,
  metricsFromProtobufParts,
  MetricsNormaliser,
  MissKind,
  readMiss,
  RemoteWriteRows,
  WriteRequest1,
  WriteRequest2,
  type BlockBuilder,
  type CachedSeries,
  type FastRows,
  type IngestOutcome,
  type MetricDecoder,
  type MetricsPart,
  type Miss,
  type RemoteWriteOutcome,
  type SeriesCache,
  type SeriesKey,
} from '@nines/wire'
import type { ReadTarget } from './receiver.ts'

/** A series that was met by a key, to be read fast once its definition is durable. */
type Met = [key: SeriesKey, series: CachedSeries]

/**
 * Reads metrics of every format. Points of series that are known go from the body into columns in WebAssembly; what it
 * leaves over, such as series that are new or due to be announced, is read in TypeScript, which decides what is right.
 */
export class MetricReader {
  readonly #decoder: MetricDecoder
  readonly #cache: SeriesCache
  readonly #metadata = new MetricMetadata()

  constructor(decoder: MetricDecoder, cache: SeriesCache) {
    this.#decoder = decoder
    this.#cache = cache
  }

  otlpJson(body: Buffer, { builder, now }: ReadTarget): IngestOutcome {
    const normaliser = new MetricsNormaliser(builder, this.#cache, now)
    metricsFromJson(body, normaliser)
    return normaliser.outcome()
  }

  otlpProtobuf(body: Buffer, { builder, now }: ReadTarget): IngestOutcome {
    const normaliser = new MetricsNormaliser(builder, this.#cache, now)
    const rows = this.#decoder.otlp(body, builder.workspace, now)
    if (!rows) {
      metricsFromProtobuf(body, normaliser)
      return normaliser.outcome()
    }
    const met: Met[] = []
    metricsFromProtobufParts(body, otlpParts(rows, normaliser, met), normaliser)
    this.#finish(builder, rows, met)
    return withFast(normaliser.outcome(), rows)
  }

  /** `body` is compressed by snappy, as remote write always is. */
  remoteWrite1(body: Buffer, { builder, now, plainBytes }: ReadTarget): RemoteWriteOutcome {
    const fast = this.#decoder.remoteWrite1(body, builder.workspace, now, plainBytes)
    const rows = new RemoteWriteRows(builder, this.#cache, now)
    const request = new WriteRequest1(this.#decoder.rawBytes(), rows, this.#metadata, builder.workspace)
    if (!fast) {
      const { series, families } = request.parts()
      for (const family of families) request.readMetadata(family)
      for (const range of series) request.readSeries({ range, skipSamples: false })
      return rows.outcome()
    }
    const misses = missesOf(fast)
    for (const { kind, message } of misses) if (kind === MissKind.metadata) request.readMetadata(message)
    const met = readSeries(misses, request, rows)
    this.#finish(builder, fast, met)
    return withFast(rows.outcome(), fast)
  }

  /** The same for version 2. */
  remoteWrite2(body: Buffer, { builder, now, plainBytes }: ReadTarget): RemoteWriteOutcome {
    const fast = this.#decoder.remoteWrite2(body, builder.workspace, now, plainBytes)
    const rows = new RemoteWriteRows(builder, this.#cache, now)
    // Opening a request reads its table of symbols, which the fast rows do not need any more.
    if (!fast) {
      const request = new WriteRequest2(this.#decoder.rawBytes(), rows)
      for (const range of request.series) request.readSeries({ range, skipSamples: false })
      return rows.outcome()
    }
    const misses = missesOf(fast)
    const met = misses.length === 0 ? [] : readSeries(misses, new WriteRequest2(this.#decoder.rawBytes(), rows), rows)
    this.#finish(builder, fast, met)
    return withFast(rows.outcome(), fast)
  }

  /** For bodies that are no metrics and compressed by snappy. */
  decompress(body: Buffer, maxBytes: number): Buffer {
    return this.#decoder.decompress(body, maxBytes)
  }

  /** Takes the fast rows, all of whose misses were read, and lets the series be read fast once they are announced. */
  #finish(builder: BlockBuilder, { count, series, at, start, value }: FastRows, met: readonly Met[]): void {
    builder.addSamples({ count, series, at, start, value })
    if (met.length === 0) return
    builder.onConfirm(() => {
      for (const [key, { id, announcedAt }] of met) this.#decoder.learn(key, id, Math.floor(announcedAt / 60_000))
    })
  }
}

/** The misses of an OTLP request as parts to read; notes the series that each keyed one turned out to be. */
function* otlpParts(rows: FastRows, normaliser: MetricsNormaliser, met: Met[]): Generator<MetricsPart> {
  for (let i = 0; i < rows.missCount; i++) {
    const { kind, resourceMetrics, scopeMetrics, metric, message, key } = readMiss(rows.misses, i)
    const point = kind === MissKind.metric ? null : message
    yield { resourceMetrics, scopeMetrics, metric, point }
    const series = normaliser.pointSeries
    if (kind === MissKind.series && series) met.push([key, series])
  }
}

function readSeries(misses: readonly Miss[], request: WriteRequest1 | WriteRequest2, rows: RemoteWriteRows): Met[] {
  const met: Met[] = []
  for (const { kind, message, key } of misses) {
    if (kind === MissKind.metadata) continue
    request.readSeries({ range: message, skipSamples: kind === MissKind.extras })
    const series = rows.sampleSeries
    if (kind === MissKind.series && series) met.push([key, series])
  }
  return met
}

function missesOf({ misses, missCount }: FastRows): Miss[] {
  return Array.from({ length: missCount }, (_, i) => readMiss(misses, i))
}

function withFast<O extends IngestOutcome>(outcome: O, { count }: FastRows): O {
  const written = (outcome as Partial<RemoteWriteOutcome>).written
  return {
    ...outcome,
    accepted: outcome.accepted + count,
    ...(written ? { written: { ...written, samples: written.samples + count } } : {}),
  }
}
