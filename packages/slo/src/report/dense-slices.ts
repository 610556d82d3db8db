import type { TimeSlicesSli } from '@nines/contracts'
import { MINUTE_MS } from '../minute.ts'
import { sliceOf } from '../time-slices.ts'
import { DenseMinutes } from './dense-minutes.ts'

/** The slices of time that minutes make up, each in its last minute, as far as they ended by the instant: see TimeSlices. */
export function denseSlices(sli: TimeSlicesSli, minutes: DenseMinutes, endedBy: number): DenseMinutes {
  const slices = new DenseMinutes(minutes.span)
  const size = sli.sliceMinutes
  const first = minutes.from / MINUTE_MS
  const end = Math.min(first + minutes.length, Math.floor(endedBy / MINUTE_MS) - size + 1)
  for (let start = Math.floor(first / size) * size; start < end; start += size) {
    const counts = { good: 0, total: 0 }
    let isMeasured = false
    for (let place = Math.max(0, start - first); place < Math.min(minutes.length, start - first + size); place++) {
      if (minutes.measured[place] === 0) continue
      isMeasured = true
      counts.good += minutes.good[place] as number
      counts.total += minutes.total[place] as number
    }
    if (isMeasured) slices.set((start + size - 1) * MINUTE_MS, sliceOf(sli, counts))
  }
  return slices
}
