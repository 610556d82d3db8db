export const MINUTE_MS = 60_000
export const BUCKET_MS = 5 * MINUTE_MS
/** A bucket's first step begins at most this long before it, an increase of a service's minute at most one bucket. */
export const REACH_MS = 60 * MINUTE_MS

/** End of the bucket (end - width, end] that holds the instant, epoch ms. */
export function endOf(at: number, widthMs: number): number {
  return Math.ceil(at / widthMs) * widthMs
}
