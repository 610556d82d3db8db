import type { Attributes } from '@opentelemetry/api'

/** A number that only grows, exported as a cumulative monotonic sum. */
export interface CounterInstrument {
  add(value: number, attributes?: Attributes): void
}

/** A distribution over fixed buckets. */
export interface HistogramInstrument {
  record(value: number, attributes?: Attributes): void
}

export interface InstrumentOptions {
  /** UCUM unit such as `s`, `By` or `{request}`. */
  unit?: string
  description?: string
}

export interface HistogramOptions extends InstrumentOptions {
  /** Upper bounds of the buckets, ascending, in the histogram's unit. */
  boundaries?: readonly number[]
}

export interface GaugeReading {
  value: number
  attributes?: Attributes
}

/** What an app measures about itself. Instruments of the same name are the same instrument. */
export interface Instruments {
  /** False when nothing is exported; recording is then a no-op. */
  readonly enabled: boolean
  counter(name: string, options?: InstrumentOptions): CounterInstrument
  histogram(name: string, options?: HistogramOptions): HistogramInstrument
  /** `read` is called before every export; it may give several readings that differ in their attributes. */
  observableGauge(name: string, options: InstrumentOptions, read: () => GaugeReading[] | Promise<GaugeReading[]>): void
  /** Sends what is not sent yet, for at most two seconds. Never rejects. */
  shutdown(): Promise<void>
}

/** Instruments that measure nothing: for an app without a key or an ingest URL. */
export const noInstruments: Instruments = {
  enabled: false,
  counter: () => ({ add: () => undefined }),
  histogram: () => ({ record: () => undefined }),
  observableGauge: () => undefined,
  shutdown: () => Promise.resolve(),
}
