import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRunId, gridOffsetMs, nextRunAt, type GridKey } from './grid.ts'

const key = fc.record<GridKey>({
  checkId: fc.string({ minLength: 1, maxLength: 40 }),
  location: fc.string({ minLength: 1, maxLength: 20 }),
  intervalMs: fc.integer({ min: 5, max: 3600 }).map((seconds) => seconds * 1000),
})
const instant = fc.integer({ min: 0, max: 4_000_000_000_000 })

describe('nextRunAt', () => {
  it('is after now, at most one interval away, and on the grid', () => {
    fc.assert(
      fc.property(key, instant, (key, now) => {
        const next = nextRunAt(now, key)
        expect(next).toBeGreaterThan(now)
        expect(next - now).toBeLessThanOrEqual(key.intervalMs)
        expect((next - gridOffsetMs(key)) % key.intervalMs).toBe(0)
      }),
    )
  })

  it('gives the same instants whenever it is asked: no drift, no gap, no repeat', () => {
    fc.assert(
      fc.property(key, instant, fc.nat(), (key, now, delay) => {
        const first = nextRunAt(now, key)
        expect(nextRunAt(first, key)).toBe(first + key.intervalMs)
        const between = first + (delay % key.intervalMs)
        expect(nextRunAt(between, key)).toBe(first + key.intervalMs)
      }),
    )
  })

  it('spreads checks of one interval over it', () => {
    const perSecond = Array.from({ length: 60 }, () => 0)
    for (let index = 0; index < 6000; index++) {
      const offset = gridOffsetMs({ checkId: `chk_${index}`, location: 'local', intervalMs: 60_000 })
      const second = Math.floor(offset / 1000)
      perSecond[second] = (perSecond[second] ?? 0) + 1
    }
    expect(Math.max(...perSecond)).toBeLessThan(150)
    expect(Math.min(...perSecond)).toBeGreaterThan(60)
  })

  it('phases the locations of one check differently', () => {
    const offsets = ['fra', 'iad', 'sin'].map((location) =>
      gridOffsetMs({ checkId: 'chk_1', location, intervalMs: 60_000 }),
    )
    expect(new Set(offsets).size).toBe(3)
  })
})

it('names a run by check, location and grid instant', () => {
  expect(checkRunId('chk_1', 'fra', 1_700_000_000_000)).toBe('chk_1@fra@1700000000000')
})
