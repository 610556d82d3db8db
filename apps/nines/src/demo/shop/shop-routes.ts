/** Upper bounds of the latency histograms, seconds. 0.3 is one of them because an SLO asks for it. */
export const LATENCY_BOUNDS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5, 5]

export type ShopServiceName = 'frontend' | 'checkout' | 'payments'

/** One route of the shop: what it is asked, how often and how fast it is. */
export interface ShopRoute {
  service: ShopServiceName
  method: 'GET' | 'POST'
  route: string
  /** Share of visits that reach it. */
  share: number
  /** Share of its own requests that fail on an ordinary day. */
  errorShare: number
  /** Share of requests by bucket of LATENCY_BOUNDS_SECONDS, in order; what is missing to 1 lies above the last. */
  latencyShares: number[]
}

export const shopRoutes = {
  home: {
    service: 'frontend',
    method: 'GET',
    route: '/',
    share: 1,
    errorShare: 0,
    latencyShares: [0.55, 0.3, 0.1, 0.04, 0.008, 0.002],
  },
  buy: {
    service: 'frontend',
    method: 'POST',
    route: '/buy',
    share: 0.5,
    errorShare: 0.0003,
    latencyShares: [0, 0.02, 0.2, 0.48, 0.2, 0.07, 0.026, 0.003, 0.001],
  },
  order: {
    service: 'checkout',
    method: 'POST',
    route: '/orders',
    share: 0.5,
    errorShare: 0.0002,
    latencyShares: [0, 0.05, 0.3, 0.45, 0.13, 0.05, 0.017, 0.002, 0.001],
  },
  charge: {
    service: 'payments',
    method: 'POST',
    route: '/charges',
    share: 0.5,
    errorShare: 0.0001,
    latencyShares: [0.1, 0.5, 0.3, 0.07, 0.02, 0.008, 0.0015, 0.0005],
  },
} as const satisfies Record<string, ShopRoute>

/** Value of service.name of a service's telemetry. */
export const telemetryName = (service: ShopServiceName) => `shop-${service}`

/** Name of the counter beside OpenTelemetry's histogram http.server.request.duration. */
export const REQUEST_COUNTER = 'shop.requests'
export const DURATION_HISTOGRAM = 'http.server.request.duration'

/** A latency drawn from a route's distribution, seconds: a bucket by its share, then evenly within it. */
export function drawLatency(route: ShopRoute, random: () => number): number {
  let rest = random()
  for (const [index, share] of route.latencyShares.entries()) {
    rest -= share
    if (rest <= 0) return withinBucket(index, random())
  }
  return withinBucket(route.latencyShares.length - 1, random())
}

/** The point of a bucket at `fraction` of its width, seconds. */
export function withinBucket(index: number, fraction: number): number {
  const lower = LATENCY_BOUNDS_SECONDS[index - 1] ?? 0
  const upper = LATENCY_BOUNDS_SECONDS[index] ?? lower * 2
  return lower + (upper - lower) * fraction
}
