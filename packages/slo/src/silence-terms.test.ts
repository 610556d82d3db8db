import type { MeasuredSli, SliSpec } from '@nines/contracts'
import { expect, test } from 'vitest'
import { silenceTermsOf } from './silence-terms.ts'

const check: MeasuredSli = { kind: 'availability', checkId: 'chk_1' }
const slices: SliSpec = { kind: 'ratio_time_slices', of: check, sliceMinutes: 5 }

test.each<[string, SliSpec, number | null, object]>([
  ['measured all the time', check, null, { silenceSeconds: 600, leastAbsenceSeconds: 0 }],
  ['an hourly check', check, 3600, { silenceSeconds: 9000, leastAbsenceSeconds: 9000 }],
  ['slices of five minutes', slices, 30, { silenceSeconds: 750, leastAbsenceSeconds: 750 }],
])('%s', (_, sli, checkIntervalSeconds, terms) => {
  expect(silenceTermsOf(sli, checkIntervalSeconds)).toEqual(terms)
})
