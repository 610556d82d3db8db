import type { MinuteSeries } from '@nines/slo'

/** A stretch [from, to) that has been counted, epoch ms. */
export interface CountedRange {
  from: number
  to: number
  minutes: MinuteSeries
}
