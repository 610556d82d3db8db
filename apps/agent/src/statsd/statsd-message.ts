import type { Tag } from './parse-tags.ts'

/** `c`, `g`, `s` and the three that end as histograms: timer (`ms`), histogram (`h`), distribution (`d`). */
export type StatsdType = 'c' | 'g' | 's' | 'ms' | 'h' | 'd'

/** Why a line was not taken; the keys of the counts that the agent reports. */
export type Malformation =
  | 'empty_name'
  | 'no_value'
  | 'no_type'
  | 'unknown_type'
  | 'bad_value'
  | 'bad_sample_rate'
  | 'bad_timestamp'
  | 'not_utf8'

export interface StatsdMetric {
  kind: 'metric'
  name: string
  type: StatsdType
  /** Finite; one for each packed value. Empty for a set. */
  values: readonly number[]
  /** The member that a set message adds. */
  member: string
  /** A gauge value with a sign changes the gauge by that much. One flag for each value. */
  relative: readonly boolean[]
  /** In (0, 1]; each value stands for 1 / sampleRate of them. */
  sampleRate: number
  tags: readonly Tag[]
  /** Unix seconds given by the sender (DogStatsD 1.3), or null. */
  timestamp: number | null
}

/** What one line says. Events and service checks are no metrics and no errors. */
export type StatsdMessage =
  | StatsdMetric
  | { kind: 'ignored'; what: 'event' | 'service_check' }
  | { kind: 'malformed'; reason: Malformation }
