import { DEFAULT_TELEMETRY_SETTINGS } from '@nines/contracts'
import { ManualClock } from '@nines/kernel'
import { beforeEach, expect, test } from 'vitest'
import type { SenderKey } from '../auth/key-directory.ts'
import { diskFill, PressureGauge } from './pressure-gauge.ts'

const keyOf = (workspaceNumber: number): SenderKey => ({
  keyId: `key_${workspaceNumber}`,
  workspaceId: `wsp_${workspaceNumber}`,
  workspaceNumber,
  scopes: ['ingest'],
  telemetry: DEFAULT_TELEMETRY_SETTINGS,
})
let clock: ManualClock
let share: number
let looks: number
let gauge: PressureGauge
beforeEach(() => {
  clock = new ManualClock(1_000_000)
  share = 0
  looks = 0
  const probe = async () => {
    looks++
    return { share, what: 'the stream is filling' }
  }
  gauge = new PressureGauge({ clock, probes: [probe] })
})
/** What became of a request of each workspace: admitted or why not. */
const outcomes = async (workspaces: number[]) =>
  Promise.all(
    workspaces.map(async (workspace) => {
      try {
        await gauge.admit(keyOf(workspace), 0)
        return 'admitted'
      } catch (error) {
        return (error as Error).message
      }
    }),
  )

test('an empty store admits at once', async () => {
  await gauge.look()
  expect(gauge.admit(keyOf(1), 1_000)).toBeUndefined()
})

test('from 80 % on the heaviest waits, and the fuller it gets the more do', async () => {
  for (const [workspace, bytes] of [
    [1, 100_000],
    [2, 700_000],
    [3, 200_000],
  ] as const)
    void gauge.admit(keyOf(workspace), bytes)
  share = 0.8
  await gauge.look()
  const waits = 'the stream is filling; this workspace sends the most and has to wait: retry'
  expect(await outcomes([1, 2, 3])).toEqual(['admitted', waits, 'admitted'])
  share = 0.92
  await gauge.look()
  expect(await outcomes([1, 2, 3])).toEqual(['admitted', waits, waits])
  share = 0.95
  await gauge.look()
  expect(new Set(await outcomes([1, 2, 3, 4]))).toEqual(
    new Set(['the stream is filling; nothing is taken until there is room: retry']),
  )
})

test('a refusal looks again first, so that nobody waits for what is over', async () => {
  share = 1
  await gauge.look()
  share = 0.1
  clock.advance(30)
  expect(await outcomes([1, 2])).toEqual(['admitted', 'admitted'])
  expect(looks).toBe(2)
})

test('what was sent counts half after 30 s', async () => {
  void gauge.admit(keyOf(1), 500_000)
  await gauge.look()
  clock.advance(60_000)
  await gauge.look()
  void gauge.admit(keyOf(2), 200_000)
  share = 0.8
  await gauge.look()
  const [one, two] = await outcomes([1, 2])
  expect([one, two]).toEqual(['admitted', expect.stringContaining('sends the most')])
})

test('a probe that fails leaves what it said before', async () => {
  let fails = false
  const flaky = new PressureGauge({
    clock,
    probes: [async () => (fails ? Promise.reject(new Error('away')) : { share: 0.5, what: 'half' })],
  })
  await flaky.look()
  fails = true
  await flaky.look()
  expect(flaky.fullest).toEqual({ share: 0.5, what: 'half' })
})

test('a disk is full where less is free than is asked for, and named', async () => {
  expect((await diskFill('/', 1)).share).toBeLessThan(0.01)
  const full = await diskFill('/', 2 ** 60)
  expect(full.share).toBeGreaterThan(1)
  expect(full.what).toMatch(/^the disk of \/ has \d+ MiB free, at least \d+ MiB are needed$/)
})
