import { telemetrySettings } from '@nines/contracts'
import { ManualClock } from '@nines/kernel'
import type { KnownApiKey } from '@nines/records'
import { beforeEach, expect, test } from 'vitest'
import { ApiKeyCache } from './api-key-cache.ts'

const key: KnownApiKey = {
  keyId: 'key_1',
  name: 'k',
  workspaceId: 'wsp_1',
  workspaceNumber: 1,
  workspaceSlug: 'main',
  scopes: ['read'],
  telemetry: telemetrySettings.parse({}),
}
let clock: ManualClock
let asked: number
let answer: () => Promise<KnownApiKey | null>
let cache: ApiKeyCache

beforeEach(() => {
  clock = new ManualClock(1_000_000)
  asked = 0
  answer = async () => key
  cache = new ApiKeyCache(() => {
    asked++
    return answer()
  }, clock)
})

test('a known key is asked for once in five seconds, an unknown one each time', async () => {
  for (let i = 0; i < 3; i++) expect(await cache.find('a')).toEqual(key)
  expect(asked).toBe(1)
  clock.advance(5_000)
  answer = async () => null
  for (let i = 0; i < 3; i++) expect(await cache.find('a')).toBeNull()
  expect(asked).toBe(4)
})

test('a change of keys is heeded at once, also by an answer that was on its way', async () => {
  await cache.find('a')
  answer = async () => null
  cache.forget()
  expect(await cache.find('a')).toBeNull()
  const late = Promise.withResolvers<KnownApiKey | null>()
  answer = () => late.promise
  const finding = cache.find('b')
  cache.forget()
  late.resolve(key)
  expect(await finding).toEqual(key)
  answer = async () => null
  expect(await cache.find('b')).toBeNull()
})

test('nothing is remembered while PostgreSQL is away', async () => {
  answer = () => Promise.reject(new Error('connection refused'))
  await expect(cache.find('a')).rejects.toThrow('connection refused')
  answer = async () => key
  expect(await cache.find('a')).toEqual(key)
})
