export {
  noInstruments,
  type CounterInstrument,
  type GaugeReading,
  type HistogramInstrument,
  type HistogramOptions,
  type InstrumentOptions,
  type Instruments,
} from './instruments.ts'
export { createRequestMeter, observeRequests, type ObservableServer, type RequestMeter } from './observe-requests.ts'
export { DURATION_BOUNDARIES_SECONDS, startInstruments, type InstrumentSettings } from './start-instruments.ts'
