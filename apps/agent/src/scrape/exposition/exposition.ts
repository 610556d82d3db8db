/** Name and value of a label. */
export type Label = readonly [name: string, value: string]

export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown'

/** What an exposition says of all samples of one metric. */
export interface MetricFamily {
  name: string
  type: MetricType
  help: string
  unit: string
}

export interface Exemplar {
  labels: readonly Label[]
  value: number
  /** Epoch ms, or null for that of its sample. */
  timestampMs: number | null
}

export interface ExposedSample {
  name: string
  /** In the order of the text, without the name; names are distinct. */
  labels: readonly Label[]
  /** May be NaN or infinite. */
  value: number
  /** Epoch ms given by the target, or null for the time of the scrape. */
  timestampMs: number | null
  exemplar: Exemplar | null
  family: MetricFamily | null
  /** Epoch ms at which the counter, histogram or summary began, or null. */
  createdMs: number | null
}
