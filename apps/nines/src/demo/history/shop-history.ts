import { LATENCY_BOUNDS_SECONDS, shopRoutes, withinBucket, type ShopRoute } from '../shop/shop-routes.ts'
import { visitsPerSecond } from '../shop/traffic-shape.ts'
import type { PastTrouble } from './past-troubles.ts'
import { seededRandom } from '@nines/kernel'

export const MINUTE_MS = 60_000

/** Running totals of one route and status at the end of a minute. */
export interface HistoryPoint {
  /** Epoch ms. */
  at: number
  count: number
  /** Sum of durations, seconds. */
  sumSeconds: number
  /** One more than LATENCY_BOUNDS_SECONDS. */
  bucketCounts: number[]
}

export interface HistorySeries {
  route: ShopRoute
  statusCode: number
  points: HistoryPoint[]
}

/** Failures come back fast. */
const FAILURE_BUCKET = 2
/** A slow request lies between 0.5 and 1 s. */
const SLOW_BUCKET = 8

/**
 * The past of the shop from `startAt` to `endAt` (whole minutes): one point a minute and route for successes, and one in
 * minutes with failures. The same span always gives the same past, so sending it twice changes nothing. Yields chunks of
 * `chunkMinutes` in order of time, totals running on through all of them.
 */
export function* shopHistory(
  startAt: number,
  endAt: number,
  troubles: readonly PastTrouble[],
  chunkMinutes: number,
): Generator<HistorySeries[]> {
  const walkers = Object.values(shopRoutes).map((route, index) => new RouteWalker(route, troubles, index + 1))
  for (let at = startAt; at < endAt; at += chunkMinutes * MINUTE_MS) {
    const end = Math.min(endAt, at + chunkMinutes * MINUTE_MS)
    yield walkers.flatMap((walker) => walker.walk(at, end))
  }
}

/** Lives through one route's past. */
class RouteWalker {
  readonly #route: ShopRoute
  readonly #troubles: PastTrouble[]
  readonly #random: () => number
  readonly #passed = emptyTotals()
  readonly #failed = emptyTotals()

  constructor(route: ShopRoute, troubles: readonly PastTrouble[], seed: number) {
    this.#route = route
    this.#troubles = troubles.filter((trouble) => trouble.service === route.service && route.method === 'POST')
    this.#random = seededRandom(seed)
  }

  walk(from: number, to: number): HistorySeries[] {
    const passed: HistoryPoint[] = []
    const failed: HistoryPoint[] = []
    for (let minute = from; minute < to; minute += MINUTE_MS) {
      const at = minute + MINUTE_MS
      if (this.#liveMinute(minute)) failed.push(snapshot(this.#failed, at))
      passed.push(snapshot(this.#passed, at))
    }
    return [
      { route: this.#route, statusCode: this.#route.method === 'POST' ? 201 : 200, points: passed },
      { route: this.#route, statusCode: 500, points: failed },
    ].filter((series) => series.points.length > 0)
  }

  /** Adds one minute to the totals; true when something failed in it. */
  #liveMinute(minute: number): boolean {
    const trouble = this.#troubles.find((entry) => minute >= entry.startsAt && minute < entry.endsAt)
    const mean = visitsPerSecond(minute) * 60 * this.#route.share * (0.94 + 0.12 * this.#random())
    const failures = this.#whole(mean * (trouble?.failingShare ?? this.#route.errorShare))
    const requests = Math.max(failures, this.#whole(mean))
    this.#add(this.#failed, FAILURE_BUCKET, failures)
    const slow = this.#whole((requests - failures) * (trouble?.slowShare ?? 0))
    this.#add(this.#passed, SLOW_BUCKET, slow)
    let left = requests - failures - slow
    for (const [bucket, share] of [...this.#route.latencyShares.entries()].reverse()) {
      const count = bucket === firstBucket(this.#route) ? left : Math.min(left, this.#whole(left * share))
      this.#add(this.#passed, bucket, count)
      left -= count
    }
    return failures > 0
  }

  /** A whole number that is `value` on average. */
  #whole(value: number): number {
    return Math.floor(value + this.#random())
  }

  #add(totals: Totals, bucket: number, count: number): void {
    totals.count += count
    totals.sumSeconds += count * withinBucket(bucket, 0.5)
    totals.bucketCounts[bucket] = (totals.bucketCounts[bucket] ?? 0) + count
  }
}

type Totals = Omit<HistoryPoint, 'at'>

function emptyTotals(): Totals {
  return { count: 0, sumSeconds: 0, bucketCounts: Array.from({ length: LATENCY_BOUNDS_SECONDS.length + 1 }, () => 0) }
}

function snapshot(totals: Totals, at: number): HistoryPoint {
  return { at, count: totals.count, sumSeconds: totals.sumSeconds, bucketCounts: [...totals.bucketCounts] }
}

const firstBucket = (route: ShopRoute) => route.latencyShares.findIndex((share) => share > 0)
