import type { AbsenceEvidence, BurnRateEvidence } from '@nines/contracts'
import { expect, test } from 'vitest'
import { alertBurnOf, alertSummary } from './alert-summary.ts'

const subject = { serviceName: 'Checkout', sloName: 'Availability' }
const burn = (windowSeconds: number, burnRate: number | null) => ({ windowSeconds, good: 0, total: 0, burnRate })
const evidence: BurnRateEvidence = {
  kind: 'burn_rate',
  frozen: false,
  measuredUntil: 0,
  sloId: 'slo_1',
  sloVersion: 1,
  target: 0.999,
  at: 0,
  budgetRemaining: 0.8213,
  pairs: [
    { longSeconds: 21600, shortSeconds: 1800, factor: 6, long: burn(21600, 1), short: burn(1800, 2), verdict: 'false' },
    {
      longSeconds: 3600,
      shortSeconds: 300,
      factor: 14.4,
      long: burn(3600, 25.34),
      short: burn(300, 100.4),
      verdict: 'true',
    },
  ],
}

test('names the pair that is true, its burns and the budget left', () => {
  expect(alertSummary(subject, evidence)).toBe(
    'Checkout: Availability burns its error budget too fast (25.3x over 1 h, 100x over 5 min; limit 14.4x, 82 % of the budget left)',
  )
})

test('a service is not named twice', () => {
  const named = { serviceName: 'Checkout', sloName: 'Checkout takes orders' }
  expect(alertSummary(named, null)).toBe('Checkout takes orders burns its error budget too fast')
})

test('the figures alone, of the pair that is true', () => {
  expect(alertBurnOf(evidence)).toEqual({
    longSeconds: 3600,
    shortSeconds: 300,
    factor: 14.4,
    longBurn: 25.34,
    shortBurn: 100.4,
    budgetRemaining: 0.8213,
  })
  expect(alertBurnOf(null)).toBeNull()
  expect(alertBurnOf({ ...evidence, pairs: evidence.pairs.slice(0, 1) })).toBeNull()
})

test('an overspent budget and an unknown one', () => {
  expect(alertSummary(subject, { ...evidence, budgetRemaining: -0.05 })).toContain('-5 % of the budget left')
  expect(alertSummary(subject, { ...evidence, budgetRemaining: null })).toMatch(/limit 14\.4x\)$/)
})

test('says what it can without evidence', () => {
  expect(alertSummary(subject, null)).toBe('Checkout: Availability burns its error budget too fast')
})

test('an SLO that is not measured', () => {
  const silence: AbsenceEvidence = {
    kind: 'absence',
    sloId: 'slo_1',
    sloVersion: 1,
    target: 0.999,
    at: 900_000,
    budgetRemaining: 0.8,
    measuredUntil: 0,
    unmeasuredSeconds: 900,
    heardUntil: 900_000,
  }
  expect(alertSummary(subject, silence)).toBe('Checkout: Availability is not measured: nothing arrived for 15 min')
  expect(alertBurnOf(silence)).toBeNull()
})
