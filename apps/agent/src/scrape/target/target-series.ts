import type { Exemplar, ExposedSample, Label } from '../exposition/exposition.ts'
import { STALE, type WriteSeries } from '../remote-write/write-series.ts'
import type { ScrapeTarget } from './scrape-target.ts'
import { seriesLabels } from './series-labels.ts'

/** What a scrape gives to write. */
export interface ScrapedSeries {
  series: WriteSeries[]
  /** How many series the scrape before did not have. */
  added: number
  /** The ends of those that are gone. */
  ended: WriteSeries[]
}

interface Identity {
  readonly labels: readonly Label[]
  /** Number of the scrape that had it last, and in that the timestamps it had. */
  seenIn: number
  timestamps: number[]
  /** Number of the scrape that had it last without a timestamp, which is when its end can be told. */
  liveIn: number
  /** What was said of it last; its end carries it too, for a receiver may take the type as a part of what it is. */
  metadata: WriteSeries['metadata']
}

/** OpenMetrics 1.0, "Exemplars": names and values together, in characters. */
const MAX_EXEMPLAR_LENGTH = 128

/** Knows the series of one target from scrape to scrape: their labels, and which have ended. */
export class TargetSeries {
  readonly #target: ScrapeTarget
  #byKey = new Map<string, Identity>()
  /** By the exposed labels, which are one object from scrape to scrape where the parser has a memo. */
  #byExposed = new Map<readonly Label[], Identity>()
  #scrape = 0

  constructor(target: ScrapeTarget) {
    this.#target = target
  }

  /**
   * Takes the samples of a scrape at `at`, epoch ms. A sample that the text gives twice counts once, the first. Throws
   * when the target has more samples, or one of them more labels, than its job allows; then nothing has changed.
   */
  succeed(samples: readonly ExposedSample[], at: number): ScrapedSeries {
    const { job } = this.#target
    if (samples.length > job.maxSamples)
      throw new Error(`${samples.length} samples are more than the sample_limit of ${job.maxSamples}`)
    const identities = this.#identify(samples)
    const scrape = ++this.#scrape
    const series: WriteSeries[] = []
    let added = 0
    for (const [i, sample] of samples.entries()) {
      const identity = identities[i]
      const given = job.honorTimestamps ? sample.timestampMs : null
      const timestampMs = given ?? at
      if (!identity || !isFirst(identity, scrape, timestampMs)) continue
      if (given === null) {
        if (identity.liveIn !== scrape - 1) added++
        identity.liveIn = scrape
      }
      identity.metadata = sample.family
      series.push({
        labels: identity.labels,
        value: sample.value,
        timestampMs,
        startMs: sample.createdMs,
        exemplar: fittingExemplar(sample.exemplar, timestampMs),
        metadata: sample.family,
      })
    }
    return { series, added, ended: this.#endOthers(at) }
  }

  /** Takes it that a scrape at `at` failed: the ends of all series. */
  fail(at: number): WriteSeries[] {
    this.#scrape++
    this.#byExposed.clear()
    return this.#endOthers(at)
  }

  /** The identity of each sample. */
  #identify(samples: readonly ExposedSample[]): Identity[] {
    const before = this.#byExposed
    const byExposed = new Map<readonly Label[], Identity>()
    const identities = samples.map((sample) => {
      const identity = before.get(sample.labels) ?? this.#identity(sample)
      byExposed.set(sample.labels, identity)
      return identity
    })
    this.#byExposed = byExposed
    return identities
  }

  #identity({ name, labels: exposed }: ExposedSample): Identity {
    const { job, labels: attached } = this.#target
    const labels = seriesLabels(name, exposed, attached, job.honorLabels)
    if (labels.length > job.maxLabels)
      throw new Error(`${labels.length} labels of ${name} are more than the label_limit of ${job.maxLabels}`)
    const key = labels.flat().join('\0')
    const known = this.#byKey.get(key)
    if (known) return known
    const identity: Identity = { labels, seenIn: 0, timestamps: [], liveIn: -1, metadata: null }
    this.#byKey.set(key, identity)
    return identity
  }

  /** Forgets what this scrape does not have, and tells the end of what was live before it. */
  #endOthers(at: number): WriteSeries[] {
    const ended: WriteSeries[] = []
    for (const [key, identity] of this.#byKey) {
      if (identity.liveIn === this.#scrape - 1) ended.push(staleMarker(identity, at))
      if (identity.seenIn !== this.#scrape) this.#byKey.delete(key)
    }
    return ended
  }
}

/** Whether the scrape has not given the series at that time before. */
function isFirst(identity: Identity, scrape: number, timestampMs: number): boolean {
  if (identity.seenIn !== scrape) {
    identity.seenIn = scrape
    identity.timestamps = [timestampMs]
    return true
  }
  if (identity.timestamps.includes(timestampMs)) return false
  identity.timestamps.push(timestampMs)
  return true
}

function fittingExemplar(exemplar: Exemplar | null, timestampMs: number): WriteSeries['exemplar'] {
  if (!exemplar) return null
  const labels = exemplar.labels.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1))
  if (Array.from(labels.flat().join('')).length > MAX_EXEMPLAR_LENGTH) return null
  return { labels, value: exemplar.value, timestampMs: exemplar.timestampMs ?? timestampMs }
}

function staleMarker({ labels, metadata }: Identity, timestampMs: number): WriteSeries {
  return { labels, value: STALE, timestampMs, startMs: null, exemplar: null, metadata }
}
