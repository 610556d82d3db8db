import type { BlockBuilder } from '../block/block-builder.ts'
import type { FastRows, MetricDecoder } from '../fast/metric-decoder.ts'
import {
  KEY_AT,
  KEY_WORDS,
  MISS_WORDS,
  MissKind,
  readKey,
  readMiss,
  readMissedMessage,
  type Miss,
  type SeriesKey,
} from '../fast/miss.ts'
import { metricsFromJson } from '../otlp/metrics-from-json.ts'
import { metricsFromProtobuf, metricsFromProtobufParts, type MetricsPart } from '../otlp/metrics-from-protobuf.ts'
import { MetricsNormaliser } from '../otlp/metrics-normaliser.ts'
import type { IngestOutcome } from '../otlp/rejected-rows.ts'
import { MetricMetadata } from '../remote-write/metric-metadata.ts'
import { RemoteWriteRows, type RemoteWriteOutcome } from '../remote-write/remote-write-rows.ts'
import { UsualSeries } from '../remote-write/usual-series.ts'
import { WriteRequest1, readWriteRequest1, type SeriesPart } from '../remote-write/write-request-1.ts'
import { WriteRequest2, readWriteRequest2 } from '../remote-write/write-request-2.ts'
import type { CachedSeries } from '../series/cached-series.ts'
import type { SeriesCache } from '../series/series-cache.ts'
import type { SeriesStatistics } from '../series/workspace-series.ts'
import { snappyDecompress } from '../snappy-decompress.ts'
import { DEFAULT_METRIC_LIMITS, type MetricLimits } from './metric-limits.ts'

export interface MetricReaderOptions {
  cache: SeriesCache
  /** Reads points of known series faster; without it everything is read here, to the same rows. */
  decoder?: MetricDecoder
}

/** Where the rows of a request go. */
export interface MetricTarget {
  builder: BlockBuilder
  /** When the request is read, epoch ms. */
  now: number
  limits?: MetricLimits
  /** Most bytes that a compressed body may have uncompressed. */
  plainBytes: number
}

const MINUTE_MS = 60_000

/**
 * Reads requests of every format of metrics into a block. Throws NinesError 'bad_request' for what is malformed; rows
 * that were read before are in the builder by then, and to be rolled back. Not for use by several threads at a time.
 */
export class MetricReader {
  readonly #cache: SeriesCache
  readonly #decoder: MetricDecoder | undefined
  readonly #metadata = new MetricMetadata()
  readonly #usual = new UsualSeries()

  constructor({ cache, decoder }: MetricReaderOptions) {
    this.#cache = cache
    this.#decoder = decoder
  }

  otlpJson(body: Buffer, target: MetricTarget): IngestOutcome {
    const normaliser = this.#normaliser(target)
    metricsFromJson(body, normaliser)
    return normaliser.outcome()
  }

  otlpProtobuf(body: Buffer, target: MetricTarget): IngestOutcome {
    const { builder, now } = target
    const normaliser = this.#normaliser(target)
    const rows = this.#usable(this.#decoder?.otlp(body, builder.workspace, now), target)
    if (!rows) {
      metricsFromProtobuf(body, normaliser)
      return normaliser.outcome()
    }
    builder.addSamples(rows)
    const learnt = new Lessons()
    metricsFromProtobufParts(body, otlpParts(rows), normaliser, ({ index, kind }, series) => {
      if (kind === MissKind.series) learnt.add(rows.misses, index, series)
    })
    this.#learnLater(learnt, builder)
    const outcome = normaliser.outcome()
    return { ...outcome, accepted: outcome.accepted + rows.count }
  }

  /**
   * `body` is compressed by snappy, as remote write always is. Throws NinesError 'too_large' when it has more bytes
   * uncompressed than the target says.
   */
  remoteWrite1(body: Buffer, target: MetricTarget): RemoteWriteOutcome {
    const { builder, now, plainBytes } = target
    const decoder = this.#decoder
    const written = this.#rows(target)
    const rows = this.#usable(decoder?.remoteWrite1(body, builder.workspace, now, plainBytes), target)
    const raw = decoder ? decoder.rawBytes() : snappyDecompress(body, plainBytes)
    if (!rows) {
      readWriteRequest1(raw, written, this.#metadata, builder.workspace)
      return written.outcome()
    }
    builder.addSamples(rows)
    if (rows.missCount > 0) {
      const request = new WriteRequest1(raw, written, this.#metadata, builder.workspace, this.#usual)
      for (let i = 0; i < rows.missCount; i++) {
        const { kind, message } = readMissedMessage(rows.misses, i)
        if (kind === MissKind.metadata) request.readMetadata(message)
      }
      this.#readSeries(rows, (part) => request.readSeries(part), written, builder)
    }
    return withSamples(written.outcome(), rows.count)
  }

  /** The same for version 2.0. */
  remoteWrite2(body: Buffer, target: MetricTarget): RemoteWriteOutcome {
    const { builder, now, plainBytes } = target
    const decoder = this.#decoder
    const written = this.#rows(target)
    const rows = this.#usable(decoder?.remoteWrite2(body, builder.workspace, now, plainBytes), target)
    const raw = decoder ? decoder.rawBytes() : snappyDecompress(body, plainBytes)
    if (!rows) {
      readWriteRequest2(raw, written)
      return written.outcome()
    }
    builder.addSamples(rows)
    const request = rows.missCount > 0 ? new WriteRequest2(raw, written) : null
    if (request) this.#readSeries(rows, (part) => request.readSeries(part), written, builder)
    return withSamples(written.outcome(), rows.count)
  }

  /** For bodies that are no metrics and compressed by snappy. Throws as `remoteWrite1`. */
  decompress(body: Buffer, maxBytes: number): Buffer {
    return this.#decoder ? this.#decoder.decompress(body, maxBytes) : snappyDecompress(body, maxBytes)
  }

  /** What series of a workspace cost, for a screen. */
  statistics(workspace: number, now: number): SeriesStatistics {
    return this.#cache.statistics(workspace, now)
  }

  #readSeries(
    { misses, missCount }: FastRows,
    read: (part: SeriesPart) => void,
    written: RemoteWriteRows,
    builder: BlockBuilder,
  ): void {
    const learnt = new Lessons()
    for (let i = 0; i < missCount; i++) {
      const { kind, message } = readMissedMessage(misses, i)
      if (kind === MissKind.metadata) continue
      read({ range: message, skipSamples: kind === MissKind.extras })
      if (kind === MissKind.series) learnt.add(misses, i, written.sampleSeries)
    }
    this.#learnLater(learnt, builder)
  }

  /** Null where the fast path left the body, or took rows whose time this workspace does not take. */
  #usable(rows: FastRows | null | undefined, { now, limits = DEFAULT_METRIC_LIMITS }: MetricTarget): FastRows | null {
    if (!rows || rows.count === 0) return rows ?? null
    const isTimely =
      rows.minAt >= now - 1_000 * limits.maxPastSeconds && rows.maxAt <= now + 1_000 * limits.maxFutureSeconds
    return isTimely ? rows : null
  }

  /** A series is learnt once its definition is in the stream: from then on nobody asks for it until it is due again. */
  #learnLater(learnt: Lessons, builder: BlockBuilder): void {
    const decoder = this.#decoder
    if (!decoder || learnt.isEmpty) return
    builder.onConfirm(() => {
      learnt.forEach((key, series) => {
        if (series.announcedAt > 0) decoder.learn(key, series.id, Math.floor(series.announcedAt / MINUTE_MS))
      })
    })
  }

  #normaliser({ builder, now, limits }: MetricTarget): MetricsNormaliser {
    return new MetricsNormaliser(builder, this.#cache, now, limits)
  }

  #rows({ builder, now, limits }: MetricTarget): RemoteWriteRows {
    return new RemoteWriteRows(builder, this.#cache, now, limits)
  }
}

/** Series by the keys that the fast path knows them by. */
class Lessons {
  readonly #series: CachedSeries[] = []
  readonly #keys: number[] = []

  get isEmpty(): boolean {
    return this.#series.length === 0
  }

  /** The key of miss number `index` is that of the series. */
  add(misses: Uint32Array, index: number, series: CachedSeries | null): void {
    if (!series) return
    // No labels stay in memory until the block is confirmed.
    this.#series.push(series.withoutDefinition())
    const at = index * MISS_WORDS + KEY_AT
    for (let i = at; i < at + KEY_WORDS; i++) this.#keys.push(misses[i]!)
  }

  forEach(learn: (key: SeriesKey, series: CachedSeries) => void): void {
    for (const [i, series] of this.#series.entries()) learn(readKey(this.#keys, i * KEY_WORDS), series)
  }
}

function missesOf({ misses, missCount }: FastRows): Miss[] {
  return Array.from({ length: missCount }, (_, i) => readMiss(misses, i))
}

function otlpParts(rows: FastRows): (MetricsPart & Pick<Miss, 'kind'> & { index: number })[] {
  return missesOf(rows).map((miss, index) => {
    const { kind, resourceMetrics, scopeMetrics, metric, message } = miss
    return { index, kind, resourceMetrics, scopeMetrics, metric, point: kind === MissKind.metric ? null : message }
  })
}

function withSamples(outcome: RemoteWriteOutcome, samples: number): RemoteWriteOutcome {
  const written = { ...outcome.written, samples: outcome.written.samples + samples }
  return { ...outcome, accepted: outcome.accepted + samples, written }
}
