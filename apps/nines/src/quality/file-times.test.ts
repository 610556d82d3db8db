import { expect, test } from 'vitest'
import { fileTimesOfPlaywright, fileTimesOfVitest } from './file-times.ts'

test('what the reporter wrote, or nothing of a run that broke off', () => {
  const times = [{ file: 'a.test.ts', seconds: 1.5 }]
  expect(fileTimesOfVitest(times)).toEqual(times)
  expect(fileTimesOfVitest(undefined)).toEqual([])
})

test('Playwright: tests of a file, those within a describe too, and repeats', () => {
  const spec = (...durations: number[]) => ({ tests: [{ results: durations.map((duration) => ({ duration })) }] })
  const nested = { file: 'shop.journey.ts', specs: [spec(500)] }
  const report = { suites: [{ file: 'shop.journey.ts', specs: [spec(1000), spec(2000, 250)], suites: [nested] }] }
  expect(fileTimesOfPlaywright(report, 'e2e/journeys')).toEqual([
    { file: 'e2e/journeys/shop.journey.ts', seconds: 3.75 },
  ])
  expect(fileTimesOfPlaywright(undefined, 'e2e/journeys')).toEqual([])
})
