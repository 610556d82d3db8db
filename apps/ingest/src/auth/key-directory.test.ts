import { DEFAULT_TELEMETRY_SETTINGS } from '@nines/contracts'
import { ManualClock } from '@nines/kernel'
import { beforeEach, describe, expect, test } from 'vitest'
import { KeyDirectory, type SenderKey } from './key-directory.ts'

const key: SenderKey = {
  keyId: 'key_1',
  workspaceId: 'wsp_1',
  workspaceNumber: 1,
  scopes: ['ingest'],
  telemetry: DEFAULT_TELEMETRY_SETTINGS,
}
let clock: ManualClock
let answer: () => Promise<SenderKey | null>
let asked: number
let keys: KeyDirectory

beforeEach(() => {
  clock = new ManualClock(1_000_000)
  asked = 0
  answer = async () => key
  keys = new KeyDirectory({
    clock,
    find: () => {
      asked++
      return answer()
    },
  })
})
const away = () => Promise.reject(new Error('connection refused'))

describe('while PostgreSQL answers', () => {
  test('a key is asked for once in 30 s, by however many requests', async () => {
    expect(await Promise.all([keys.lookup('a'), keys.lookup('a')])).toEqual([key, key])
    clock.advance(29_999)
    await keys.lookup('a')
    expect(asked).toBe(1)
    clock.advance(1)
    await keys.lookup('a')
    expect(asked).toBe(2)
  })

  test('an unknown key is asked for again after 5 s', async () => {
    answer = async () => null
    expect(await keys.lookup('a')).toBeNull()
    clock.advance(4_999)
    answer = async () => key
    expect(await keys.lookup('a')).toBeNull()
    clock.advance(1)
    expect(await keys.lookup('a')).toEqual(key)
    expect(asked).toBe(2)
  })

  test('a revoked key ends with its next look-up, at once when told of a change', async () => {
    await keys.lookup('a')
    answer = async () => null
    expect(await keys.lookup('a')).toEqual(key)
    keys.invalidate()
    expect(await keys.lookup('a')).toBeNull()
    expect(keys.size).toBe(0)
  })
})

describe('while PostgreSQL is away', () => {
  test('a known key works for an hour since it was confirmed', async () => {
    await keys.lookup('a')
    answer = away
    clock.advance(3_599_999)
    expect(await keys.lookup('a')).toEqual(key)
    clock.advance(2_001)
    await expect(keys.lookup('a')).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 })
  })

  test('a known key is not looked up with every request', async () => {
    await keys.lookup('a')
    answer = away
    clock.advance(30_000)
    for (let i = 0; i < 10; i++) expect(await keys.lookup('a')).toEqual(key)
    expect(asked).toBe(2)
    clock.advance(2_000)
    await keys.lookup('a')
    expect(asked).toBe(3)
  })

  test('an unknown key is unavailable, not unknown', async () => {
    answer = away
    await expect(keys.lookup('a')).rejects.toMatchObject({ code: 'unavailable' })
    answer = async () => key
    expect(await keys.lookup('a')).toEqual(key)
  })

  test('a known key does not wait for a database that hangs, and a late answer still counts', async () => {
    await keys.lookup('a')
    clock.advance(30_000)
    const hanging = Promise.withResolvers<SenderKey | null>()
    answer = () => hanging.promise
    expect(await keys.lookup('a')).toEqual(key)
    hanging.resolve(null)
    await expect.poll(() => keys.size).toBe(0)
  })
})
