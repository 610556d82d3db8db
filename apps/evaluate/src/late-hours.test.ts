import { HOUR_MS } from '@nines/slo'
import { expect, test } from 'vitest'
import { LateHours, rangesOf } from './late-hours.ts'

const H = HOUR_MS

test('a batch keeps its goal while new late points collect behind it', () => {
  const late = new LateHours()
  expect(late.batch(['1-0'], 100)).toBeNull()
  late.mark(2 * H + 5)
  late.mark(2 * H + 9)
  expect(late.batch(['5-0'], 100)).toEqual({ hours: [2 * H], positions: ['5-0'], tailStart: 100 })
  late.mark(7 * H)
  expect(late.batch(['9-0'], 200)).toEqual({ hours: [2 * H], positions: ['5-0'], tailStart: 100 })
  late.counted([2 * H])
  expect(late.batch(['9-0'], 200)).toEqual({ hours: [7 * H], positions: ['9-0'], tailStart: 200 })
})

test('a batch that is counted in parts stays until its last hour', () => {
  const late = new LateHours()
  late.restore([3 * H, H, 2 * H])
  expect(late.batch(['1-0'], 0)?.hours).toEqual([H, 2 * H, 3 * H])
  late.counted([H])
  expect(late.batch(['1-0'], 0)?.hours).toEqual([2 * H, 3 * H])
  late.counted([2 * H, 3 * H])
  expect(late.batch(['1-0'], 0)).toBeNull()
})

test('every hour is noted once, again after a failure, and its note goes only when nothing late came since', () => {
  const late = new LateHours()
  late.mark(H)
  late.mark(2 * H)
  expect(late.takeUnnoted()).toEqual([H, 2 * H])
  expect(late.takeUnnoted()).toEqual([])
  late.noteFailed([H])
  expect(late.takeUnnoted()).toEqual([H])
  late.batch(['1-0'], 0)
  late.mark(H + 1)
  late.counted([H, 2 * H])
  expect(late.takeSettled()).toEqual([2 * H])
  late.batch(['2-0'], 0)
  late.counted([H])
  expect(late.takeSettled()).toEqual([H])
  expect(late.takeSettled()).toEqual([])
})

test('hours join into ranges when at most an hour lies between them', () => {
  expect(rangesOf([5 * H, H, 2 * H, 4 * H, 9 * H])).toEqual([
    [H, 6 * H],
    [9 * H, 10 * H],
  ])
  expect(rangesOf([])).toEqual([])
})
