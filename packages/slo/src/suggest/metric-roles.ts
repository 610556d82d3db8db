/** What kind of work a metric is of. `red`: computed from spans. */
export type MetricRole = 'http' | 'rpc' | 'messaging' | 'red' | 'other'

const ROLES: [MetricRole, RegExp][] = [
  ['red', /^(traces[._]span[._]?metrics[._](calls|duration|latency)|calls_total$)/],
  [
    'http',
    /(^|[._])http[._]server[._]|^http_requests?(_total|_duration|_latency)|^(nginx|haproxy|traefik|caddy)[._].*request/,
  ],
  ['rpc', /(^|[._])g?rpc[._]server[._]/],
  ['messaging', /^messaging[._](process|client[._]consumed|receive|consumer)/],
]
/** Calls that the service makes, and what is inside of it: not what its users see. */
const NOT_SERVED =
  /(^|[._])(clients?|outbound|egress|upstream|db|sql|jdbc|redis|cache|pool|producer|publish|gc|jvm|go|nodejs|dns|tls|scrape|otelcol|otel|eventloop|container|system|exporter|promhttp|prometheus)([._]|$)/
const DURATION = /(^|[._])(durations?|latency|latencies)([._]|$)|_(seconds|milliseconds|ms)$/
const SERVED = /request|handler|response|http|rpc|duration|latency/
const FRESHNESS = /(^|[._])(lag|age|staleness|freshness|backlog|delay|oldest)([._]|$)/

/** What a metric is of; null for what no user of the service sees. */
export function roleOf(metric: string): MetricRole | null {
  const known = ROLES.find(([, pattern]) => pattern.test(metric))
  if (known) return known[0]
  return NOT_SERVED.test(metric) ? null : 'other'
}

/** Whether a histogram holds how long something took. `metric` without `_bucket`. */
export function isDuration(metric: string, unit: string): boolean {
  if (!SERVED.test(metric)) return false
  return DURATION.test(metric) || /^(s|ms|us|ns|seconds|milliseconds)$/.test(unit)
}

/** Whether a gauge says how far behind something is. */
export function isFreshness(metric: string): boolean {
  return FRESHNESS.test(metric) && !/(^|[._])(gc|jvm|go|nodejs|eventloop|scrape|cert|certificate)([._]|$)/.test(metric)
}

/** The unit of a metric's values as OpenTelemetry writes units: from the sender, or the name as Prometheus has it. */
export function unitOf(metric: string, unit: string): string {
  const written = { seconds: 's', milliseconds: 'ms', microseconds: 'us', nanoseconds: 'ns' }[unit] ?? unit
  if (written !== '') return written
  if (/_seconds(_|$)/.test(metric)) return 's'
  return /_(milliseconds|ms)(_|$)/.test(metric) ? 'ms' : ''
}
