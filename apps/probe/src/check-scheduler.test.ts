import { nextRunAt } from '@nines/checks'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CheckScheduler, type AssignedCheck, type CheckSchedulerOptions, type MissedReason } from './check-scheduler.ts'

const START = Date.UTC(2026, 0, 1)
const check = (id: string, intervalSeconds = 10): AssignedCheck => ({
  id,
  intervalSeconds,
  timeoutMs: 1000,
  config: { kind: 'http', url: 'http://a/', method: 'GET', headers: {}, assertions: [], allowPrivate: false },
})
const gridOf = (id: string, intervalMs = 10_000) => ({ checkId: id, location: 'local', intervalMs })

let started: [string, number][]
let missed: [string, MissedReason][]
let scheduler: CheckScheduler

/** A scheduler whose runs last `durationMs` of fake time. */
function schedule(durationMs: number, extra: Partial<CheckSchedulerOptions> = {}): CheckScheduler {
  return new CheckScheduler({
    location: 'local',
    concurrency: 10,
    run: (check, scheduledAt) => {
      started.push([check.id, scheduledAt])
      return new Promise((done) => setTimeout(done, durationMs))
    },
    onMissed: (check, reason) => missed.push([check.id, reason]),
    ...extra,
  })
}

beforeEach(() => {
  vi.useFakeTimers({ now: START })
  started = []
  missed = []
})
afterEach(async () => {
  const stopped = scheduler.stop()
  await vi.runAllTimersAsync()
  await stopped
  vi.useRealTimers()
})

describe('CheckScheduler', () => {
  it('runs a check at every grid instant and at no other', async () => {
    scheduler = schedule(30)
    scheduler.setChecks([check('a')])
    await vi.advanceTimersByTimeAsync(60_000)
    const first = nextRunAt(START, gridOf('a'))
    expect(started).toEqual([0, 1, 2, 3, 4, 5].map((turn) => ['a', first + turn * 10_000]))
    expect(missed).toEqual([])
  })

  it('skips instants while a run of the same check lasts', async () => {
    scheduler = schedule(15_000)
    scheduler.setChecks([check('a')])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(started.map(([, at]) => (at - nextRunAt(START, gridOf('a'))) / 10_000)).toEqual([0, 2, 4])
    expect(missed).toEqual(Array.from({ length: 3 }, () => ['a', 'overlap']))
  })

  it('leaves out instants it wakes too late for, and stays on the grid', async () => {
    let lag = 0
    scheduler = schedule(30, { clock: { now: () => Date.now() + lag } })
    scheduler.setChecks([check('a')])
    await vi.advanceTimersByTimeAsync(10_000)
    lag = 25_000
    await vi.advanceTimersByTimeAsync(20_000)
    const first = nextRunAt(START, gridOf('a'))
    expect(missed).toEqual([['a', 'late']])
    expect(started.every(([, at]) => (at - first) % 10_000 === 0)).toBe(true)
    expect(new Set(started.map(([, at]) => at)).size).toBe(started.length)
  })

  it('keeps to its concurrency and gives up runs that waited too long', async () => {
    scheduler = schedule(4000, { concurrency: 1 })
    const ids = Array.from({ length: 8 }, (_, index) => `check-${index}`)
    scheduler.setChecks(ids.map((id) => check(id)))
    await vi.advanceTimersByTimeAsync(30_000)
    expect(started.length).toBeGreaterThanOrEqual(3)
    expect(started.length).toBeLessThanOrEqual(8)
    expect(missed.some(([, reason]) => reason === 'busy')).toBe(true)
  })

  it('drops checks that are gone and plans changed ones anew', async () => {
    scheduler = schedule(30)
    scheduler.setChecks([check('a'), check('b')])
    await vi.advanceTimersByTimeAsync(10_000)
    started = []
    scheduler.setChecks([check('b', 20)])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(new Set(started.map(([id]) => id))).toEqual(new Set(['b']))
    expect(started).toHaveLength(3)
    expect(scheduler.checkCount).toBe(1)
  })
})
