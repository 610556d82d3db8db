import * as fc from 'fast-check'
import type { CheckCadence } from './check-cadence.ts'

/** Up to five steps on whole seconds of the first hours of time, such as somebody leaves who tries intervals and pauses the check. */
export const randomCadence: fc.Arbitrary<CheckCadence> = fc
  .array(
    fc.record({
      from: fc.integer({ min: 0, max: 12_000 }).map((seconds) => seconds * 1000),
      intervalSeconds: fc.constantFrom(5, 30, 45, 60, 300, 600, 3600, null),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((steps) => steps.toSorted((a, b) => a.from - b.from))
