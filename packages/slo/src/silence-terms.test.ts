import { expect, test } from 'vitest'
import { silenceTermsOf } from './silence-terms.ts'

test.each<[string, number | null, object]>([
  ['measured all the time', null, { silenceSeconds: 600, leastAbsenceSeconds: 0 }],
  ['a check every half minute', 30, { silenceSeconds: 600, leastAbsenceSeconds: 75 }],
  ['an hourly check', 3600, { silenceSeconds: 9000, leastAbsenceSeconds: 9000 }],
])('%s', (_, checkIntervalSeconds, terms) => {
  expect(silenceTermsOf(checkIntervalSeconds)).toEqual(terms)
})
