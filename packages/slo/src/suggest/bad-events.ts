import type { LabelMatcher } from '@nines/contracts'
import type { SeenSeries } from './service-owner.ts'

/** Which events of some counters or histograms are bad, and by what, for people. */
export interface BadEvents {
  matcher: LabelMatcher
  by: string
}

/** OpenTelemetry's old and new names, and those of Prometheus' exporters. */
const HTTP_LABELS = [
  'http.response.status_code',
  'http.status_code',
  'http_response_status_code',
  'http_status_code',
  'status_code',
  'status_class',
  'response_code',
  'http_status',
  'status',
  'code',
]
const GRPC_LABELS = [
  'rpc.response.status_code',
  'rpc.grpc.status_code',
  'rpc_response_status_code',
  'rpc_grpc_status_code',
  'grpc_code',
  'grpc_status',
  'grpc.status',
  'grpc_status_code',
  'code',
  'status',
]
const OUTCOME_LABELS = ['outcome', 'result', 'status', 'state']
const ERROR_LABELS = ['error.type', 'error_type']

const IS_HTTP = /^[1-5](\d\d|xx)$/i
const GRPC_CODES = [
  'ok',
  'cancelled',
  'unknown',
  'invalidargument',
  'deadlineexceeded',
  'notfound',
  'alreadyexists',
  'permissiondenied',
  'resourceexhausted',
  'failedprecondition',
  'aborted',
  'outofrange',
  'unimplemented',
  'internal',
  'unavailable',
  'dataloss',
  'unauthenticated',
]
/** What a server is to blame for, by OpenTelemetry's conventions for spans of gRPC servers. */
const GRPC_FAULTS = {
  words: '(?i)unknown|deadline_?exceeded|unimplemented|internal|unavailable|data_?loss',
  numbers: '2|4|12|13|14|15',
}
const FAILED_WORDS = ['error', 'failure', 'failed', 'fail', 'server_error', 'exception', 'timeout']
const OTHER_WORDS = [
  'success',
  'successful',
  'succeeded',
  'ok',
  'completed',
  'client_error',
  'redirection',
  'informational',
]
const FAILED_OUTCOME = `(?i)${FAILED_WORDS.join('|')}`

/**
 * The condition that tells bad events of these series, by the first label all of whose values are a known vocabulary: HTTP
 * status (5xx is bad: what the client did wrong is not the service's failure), gRPC status, words for an outcome. Failures
 * that have not happened yet are meant too. null where no label tells.
 */
export function badEvents(series: readonly SeenSeries[]): BadEvents | null {
  const found = (labels: readonly string[], isWord: (value: string) => boolean) =>
    labels.find((label) => {
      const values = valuesOf(series, label)
      return values.length > 0 && values.every(isWord)
    })
  const http = found(HTTP_LABELS, (value) => IS_HTTP.test(value))
  if (http !== undefined) return { matcher: { label: http, op: '=~', value: '5..' }, by: `${http} of 5xx` }
  const words = found(GRPC_LABELS, (value) => GRPC_CODES.includes(value.toLowerCase().replaceAll('_', '')))
  if (words !== undefined)
    return { matcher: { label: words, op: '=~', value: GRPC_FAULTS.words }, by: `${words} of a server's fault` }
  const numbers = found(GRPC_LABELS, (value) => /^\d+$/.test(value) && Number(value) < GRPC_CODES.length)
  if (numbers !== undefined)
    return { matcher: { label: numbers, op: '=~', value: GRPC_FAULTS.numbers }, by: `${numbers} of a server's fault` }
  const outcome = found(OUTCOME_LABELS, (value) => [...FAILED_WORDS, ...OTHER_WORDS].includes(value.toLowerCase()))
  if (outcome !== undefined)
    return { matcher: { label: outcome, op: '=~', value: FAILED_OUTCOME }, by: `${outcome} of failure` }
  return null
}

/** The same by the attribute that OpenTelemetry's conventions set on whatever ended with an error, and on nothing else. */
export function badByErrorType(series: readonly SeenSeries[]): BadEvents {
  const label = ERROR_LABELS.find((one) => valuesOf(series, one).length > 0) ?? ERROR_LABELS[0]!
  return { matcher: { label, op: '!=', value: '' }, by: label }
}

/** Values of a label, without the empty one, sorted. */
export function valuesOf(series: readonly SeenSeries[], label: string): string[] {
  const values = new Set(series.map(({ labels }) => labels[label] ?? ''))
  values.delete('')
  return [...values].toSorted()
}
