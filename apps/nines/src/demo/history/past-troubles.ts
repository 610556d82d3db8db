import type { ShopServiceName } from '../shop/shop-routes.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A small incident in the shop's past. */
export interface PastTrouble {
  service: ShopServiceName
  startsAt: number
  endsAt: number
  /** Share of requests that failed, and share that took more than half a second. */
  failingShare: number
  slowShare: number
}

/** What went wrong in the month before `endAt`: each spent a visible part of a budget, none of it all. */
export function pastTroubles(endAt: number): PastTrouble[] {
  const at = (daysAgo: number, hour: number, minutes: number) => {
    const startsAt = Math.floor(endAt / DAY_MS) * DAY_MS - daysAgo * DAY_MS + hour * HOUR_MS
    return { startsAt, endsAt: startsAt + minutes * 60_000 }
  }
  return [
    { service: 'checkout', ...at(21, 13, 11), failingShare: 0.25, slowShare: 0 },
    { service: 'payments', ...at(12, 9, 6), failingShare: 0.3, slowShare: 0 },
    { service: 'checkout', ...at(5, 17, 25), failingShare: 0, slowShare: 0.6 },
  ]
}
