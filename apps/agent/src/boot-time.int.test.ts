import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bootTime } from './boot-time.ts'

const HOUR_MS = 3_600_000
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-boot-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

it('stays the same for one boot and moves with the next', async () => {
  const path = join(directory, 'agent', 'booted-at')
  expect(await bootTime(path, 10 * HOUR_MS, 3600)).toBe(9 * HOUR_MS)
  expect(await bootTime(path, 11 * HOUR_MS + 5000, 7200)).toBe(9 * HOUR_MS)
  expect(await bootTime(path, 12 * HOUR_MS, 60)).toBe(12 * HOUR_MS - 60_000)
})
