/** Why something is left for TypeScript to read. */
export const MissKind = {
  /**
   * A time series or point whose key is unknown, is due to be announced again, or that has a time outside the window:
   * read it, and then `learn` its key.
   */
  series: 1,
  /** A time series or point of a shape that the fast path leaves alone. It has no key. */
  plain: 2,
  /** An OTLP metric that is neither gauge nor sum, or that has no name: read the whole metric. */
  metric: 3,
  /** The samples of the time series are among the rows; its exemplars and histograms remain to be read. */
  extras: 4,
  /** A MetricMetadata message of remote write 1. */
  metadata: 5,
} as const

/** The 128-bit key of a series in the bytes that it came in. Holds for one decoder and until `forget`. */
export interface SeriesKey {
  low: bigint
  high: bigint
}

/**
 * One miss. Offsets into the uncompressed body (`rawBytes`) of the first byte of a message's content and of the one
 * behind its last; those of messages that the format does not have are 0.
 */
export interface Miss {
  kind: (typeof MissKind)[keyof typeof MissKind]
  /** OTLP: the ResourceMetrics, ScopeMetrics and Metric that hold it. */
  resourceMetrics: { start: number; end: number }
  scopeMetrics: { start: number; end: number }
  metric: { start: number; end: number }
  /** The NumberDataPoint, TimeSeries or MetricMetadata; empty where `kind` is `metric`. */
  message: { start: number; end: number }
  /** Present where `kind` is `series` or `extras`. */
  key: SeriesKey
}

/** Words of one miss in the list, and where its key begins among them. */
export const MISS_WORDS = 13
export const KEY_AT = 9
export const KEY_WORDS = 4

/** Reads of miss number `index` what remote write needs, without its key. */
export function readMissedMessage(misses: Uint32Array, index: number): Pick<Miss, 'kind' | 'message'> {
  const at = index * MISS_WORDS
  return { kind: misses[at] as Miss['kind'], message: { start: misses[at + 7]!, end: misses[at + 8]! } }
}

/** Reads miss number `index` from the list. */
export function readMiss(misses: Uint32Array, index: number): Miss {
  const at = index * MISS_WORDS
  const word = (i: number) => misses[at + i]!
  const range = (i: number) => ({ start: word(i), end: word(i + 1) })
  return {
    kind: word(0) as Miss['kind'],
    resourceMetrics: range(1),
    scopeMetrics: range(3),
    metric: range(5),
    message: range(7),
    key: readKey(misses, at + KEY_AT),
  }
}

/** Reads a key from four words. */
export function readKey(words: ArrayLike<number>, at: number): SeriesKey {
  const long = (i: number) => BigInt(words[i]!) | (BigInt(words[i + 1]!) << 32n)
  return { low: long(at), high: long(at + 2) }
}
