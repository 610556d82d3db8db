import { sliSpec, type SliSpec } from '@nines/contracts'
import type { Objective, SloSpecification } from '../schema/slo.ts'
import { secondsOf } from './durations.ts'

type Sliced = { sli: SliSpec } | { reason: string; isWindow: boolean }

/** An indicator under a budgeting method: events as they are, or slices of time of them. */
export function slicedSli(of: SliSpec, method: SloSpecification['budgetingMethod'], objective: Objective): Sliced {
  if (method === 'Occurrences') return { sli: of }
  const { timeSliceWindow, timeSliceTarget } = objective
  const minutes = typeof timeSliceWindow === 'string' ? secondsOf(timeSliceWindow) / 60 : (timeSliceWindow ?? 1)
  const slices = { of, sliceMinutes: minutes }
  const isMean = method === 'RatioTimeslices'
  const parse = (sliceMinutes: number) =>
    sliSpec.safeParse(
      isMean
        ? { kind: 'ratio_time_slices', ...slices, sliceMinutes }
        : { kind: 'time_slices', ...slices, sliceMinutes, sliceTarget: timeSliceTarget },
    )
  const parsed = parse(minutes)
  if (parsed.success) return { sli: parsed.data }
  // Slices of a minute would do: then it is their length that does not.
  if (parse(1).success) return { reason: `slices of ${minutes} minutes are not computed`, isWindow: true }
  return { reason: `budgetingMethod ${method} is not computed over this indicator`, isWindow: false }
}
