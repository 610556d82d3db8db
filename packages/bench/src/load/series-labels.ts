const JOBS = [
  'payments-api',
  'checkout-web',
  'catalog-search',
  'user-profile',
  'orders-worker',
  'shipping-gateway',
  'notification-hub',
  'inventory-sync',
  'fraud-detector',
  'billing-export',
]

export type SampleKind = 'counter' | 'gauge' | 'constant'

/** Of ten metrics six count, two wander and two stay as they are: 60, 20 and 20 % of the series. */
const METRICS: { name: string; kind: SampleKind }[] = [
  { name: 'http_server_request_duration_seconds_bucket', kind: 'counter' },
  { name: 'http_server_request_duration_seconds_count', kind: 'counter' },
  { name: 'http_server_requests_total', kind: 'counter' },
  { name: 'grpc_server_handled_total', kind: 'counter' },
  { name: 'process_cpu_seconds_total', kind: 'counter' },
  { name: 'go_memstats_alloc_bytes', kind: 'gauge' },
  { name: 'db_client_connections_limit', kind: 'constant' },
  { name: 'container_memory_working_set_bytes', kind: 'gauge' },
  { name: 'kafka_consumer_partitions', kind: 'constant' },
  { name: 'http_server_response_size_bytes_sum', kind: 'counter' },
]

const ROUTES = [
  '/api/v1/customers/{id}/orders',
  '/api/v1/cart',
  '/api/v2/search',
  '/healthz',
  '/api/v1/payments/{id}/capture',
  '/api/v1/inventory/{sku}',
  '/login',
  '/api/v1/shipments/{id}/track',
]

const CODES = ['200', '201', '204', '301', '400', '404', '429', '500', '502', '503']
const SERIES_PER_POD = 80

export const benchMetrics: readonly string[] = METRICS.map((m) => m.name)

/** One series as a busy cluster has them. Labels of the pod stand apart, because OTLP sends them once a resource. */
export interface BenchSeries {
  metric: string
  kind: SampleKind
  /** The pod's labels: the same for the 80 series of a pod. Label `job` among them. */
  pod: [name: string, value: string][]
  /** Labels of this series alone. */
  own: [name: string, value: string][]
}

/** The series with this index, always the same. Ten labels with its name; neighbours are of ten jobs. */
export function benchSeries(index: number): BenchSeries {
  const job = pick(JOBS, index % JOBS.length)
  const replica = Math.floor(index / (JOBS.length * SERIES_PER_POD))
  const inPod = Math.floor(index / JOBS.length) % SERIES_PER_POD
  const { name, kind } = METRICS[inPod % METRICS.length] ?? { name: '', kind: 'constant' }
  const hashes = `${letters(replica, 10)}-${letters(replica * 31 + (index % JOBS.length), 5)}`
  return {
    metric: name,
    kind,
    pod: [
      ['container', job],
      ['instance', `10.42.${replica & 255}.${(replica * 7 + 13) & 255}:9090`],
      ['job', job],
      ['namespace', `prod-eu-west-1-${job.split('-', 1)[0]}`],
      ['pod', `${job}-${hashes}`],
    ],
    own: [
      ['http_request_method', inPod % 3 === 0 ? 'POST' : 'GET'],
      ['http_response_status_code', pick(CODES, (inPod >> 1) % CODES.length)],
      ['http_route', pick(ROUTES, (inPod >> 3) & 7) + (inPod >= 64 ? '/x' : '')],
      ['series_idx', seriesIndexLabel(index)],
    ],
  }
}

/** Value of the label `series_idx`, which tells every series from all others. */
export function seriesIndexLabel(index: number): string {
  return `s${String(index).padStart(7, '0')}`
}

function pick(values: readonly string[], index: number): string {
  return values[index] ?? ''
}

/** Letters that look like a pod's random suffix, the same for the same seed. */
function letters(seed: number, count: number): string {
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789'
  let state = (seed * 2_654_435_761 + 12_345) >>> 0
  let text = ''
  for (let i = 0; i < count; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    text += alphabet[(state >>> 16) % alphabet.length]
  }
  return text
}
