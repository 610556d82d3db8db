import type { ExposedSample, MetricFamily, MetricType } from './exposition.ts'

/** What is appended to a family's name in the names of its samples, by type. */
const SUFFIXES: Record<MetricType, readonly string[]> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['_count', '_sum', '_created'],
  info: ['_info'],
  gauge: [],
  stateset: [],
  unknown: [],
}
const ALL_SUFFIXES = [...new Set(Object.values(SUFFIXES).flat())]
/** Labels that tell the samples of one histogram or summary apart. */
const PART_LABELS: ReadonlySet<string> = new Set(['le', 'quantile'])

/** The families of an exposition by name, and which sample belongs to which. */
export class MetricFamilies {
  readonly #families = new Map<string, MetricFamily>()

  /** The family of that name, made when it is not known yet. */
  named(name: string): MetricFamily {
    const known = this.#families.get(name)
    if (known) return known
    const family: MetricFamily = { name, type: 'unknown', help: '', unit: '' }
    this.#families.set(name, family)
    return family
  }

  /** Gives each sample its family. Comes last, for a text may describe a metric after its samples. */
  assign(samples: readonly ExposedSample[]): void {
    const found = new Map<string, MetricFamily | null>()
    for (const sample of samples) {
      let family = found.get(sample.name)
      if (family === undefined) found.set(sample.name, (family = this.#find(sample.name)))
      sample.family = family
    }
  }

  #find(name: string): MetricFamily | null {
    const own = this.#families.get(name)
    if (own) return own
    for (const suffix of ALL_SUFFIXES) {
      if (!name.endsWith(suffix)) continue
      const family = this.#families.get(name.slice(0, -suffix.length))
      if (family && SUFFIXES[family.type].includes(suffix)) return family
    }
    return null
  }
}

/**
 * Takes the `_created` samples of counters, histograms and summaries out and gives their instants to the samples whose
 * start they are (OpenMetrics 1.0, "Counter": seconds since the epoch).
 */
export function withCreated(samples: ExposedSample[]): ExposedSample[] {
  const created = new Map<string, number>()
  const others = samples.filter((sample) => {
    if (!isCreated(sample)) return true
    if (sample.value > 0 && Number.isFinite(sample.value))
      created.set(wholeKey(sample), Math.round(sample.value * 1000))
    return false
  })
  if (created.size === 0) return others
  for (const sample of others) if (sample.family) sample.createdMs = created.get(wholeKey(sample)) ?? null
  return others
}

function isCreated({ name, family }: ExposedSample): boolean {
  return family !== null && name === `${family.name}_created` && SUFFIXES[family.type].includes('_created')
}

/** Identifies the counter, histogram or summary that the sample is a part of. */
function wholeKey({ family, labels }: ExposedSample): string {
  const whole = labels.filter(([name]) => !PART_LABELS.has(name)).map(([name, value]) => `${name}\0${value}`)
  return [family?.name, ...whole.sort()].join('\0')
}
