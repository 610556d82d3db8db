/** One series with its samples as sent: repeats, NaN and all. */
export interface OracleSeries {
  isDelta: boolean
  isGauge: boolean
  service: string
  samples: readonly (readonly [at: number, value: number])[]
}

const MINUTE_MS = 60_000
const BUCKET_MS = 5 * MINUTE_MS
/** A step counts when it begins at most this long before the bucket of 5 minutes that it ends in. */
const REACH_MS = 60 * MINUTE_MS
const SERVICE_REACH_MS = BUCKET_MS

type Sample = readonly [at: number, value: number]

/** What each bucket (at, at + width] of each series comes to, read off the definition. */
export function expectedBuckets(all: readonly OracleSeries[], from: number, to: number, width: number) {
  return all.flatMap((one, i) => {
    const samples = counted(one.samples)
    return starts(from, to, width).flatMap((at) => {
      const own = within(samples, at, at + width)
      if (own.length === 0) return []
      const values = own.map(([, value]) => value)
      return [
        {
          series: i + 1,
          at,
          last: one.isGauge ? Math.max(...values) : values.at(-1)!,
          lastAt: own.at(-1)![0],
          min: Math.min(...values),
          max: Math.max(...values),
          sum: sumOf(values),
          count: own.length,
          increase: one.isGauge ? 0 : one.isDelta ? sumOf(values) : increaseOf(samples, at, at + width, REACH_MS),
        },
      ]
    })
  })
}

/** What each minute of each service comes to. */
export function expectedServices(all: readonly OracleSeries[], from: number, to: number) {
  const names = [...new Set(all.map(({ service }) => service))].toSorted()
  return names.flatMap((service) =>
    starts(from, to, MINUTE_MS).flatMap((at) => {
      const parts = all
        .filter((one) => one.service === service && !one.isGauge)
        .map((one) => ({ one, samples: counted(one.samples) }))
        .map(({ one, samples }) => ({ one, samples, own: within(samples, at, at + MINUTE_MS) }))
        .filter(({ own }) => own.length > 0)
      if (parts.length === 0) return []
      return [
        {
          service,
          minute: (at - from) / MINUTE_MS,
          series: parts.length,
          increase: sumOf(
            parts.map(({ one, samples, own }) =>
              one.isDelta
                ? sumOf(own.map(([, value]) => value))
                : increaseOf(samples, at, at + MINUTE_MS, SERVICE_REACH_MS),
            ),
          ),
        },
      ]
    }),
  )
}

/** Each value of each instant once, in order. */
function counted(samples: readonly Sample[]): Sample[] {
  const unique = new Map(
    samples.filter(([, value]) => !Number.isNaN(value)).map((sample) => [sample.join(' '), sample] as const),
  )
  return [...unique.values()].toSorted(([a, v], [b, w]) => a - b || v - w)
}

function increaseOf(samples: readonly Sample[], after: number, until: number, reachMs: number): number {
  let sum = 0
  for (const [i, [at, value]] of samples.entries()) {
    if (at <= after || at > until) continue
    const bucket = Math.floor((at - 1) / BUCKET_MS) * BUCKET_MS
    // A step within the bucket counts always, as the first one does up to its reach.
    const before = samples[i - 1]
    if (before && before[0] > bucket - reachMs) sum += value >= before[1] ? value - before[1] : value
  }
  return sum
}

/** Of several values for one instant only the highest is a sample. */
function within(samples: readonly Sample[], after: number, until: number): Sample[] {
  return samples.filter(([at], i) => at > after && at <= until && at !== samples[i + 1]?.[0])
}

function starts(from: number, to: number, width: number): number[] {
  return Array.from({ length: (to - from) / width }, (_, i) => from + i * width)
}

function sumOf(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
