import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, identify } from '@nines/embedded'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startAppProcess } from './app-process.ts'
import type { RunningProcess } from './supervised.ts'

const FIXTURE = path.resolve(import.meta.dirname, '../../test-fixtures/counting-app.ts')
const PATIENCE = { everyMs: 50, answerWithinMs: 200, failures: 3 }

let folder: string
let running: RunningProcess | undefined
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nines-liveness-'))
})
afterEach(async () => {
  await running?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startFixture(watchedPort: (port: number) => Promise<number>): Promise<number> {
  const port = await freePort()
  const { PATH = '' } = process.env
  const env = { PATH, FIXTURE_JOURNAL: path.join(folder, 'journal'), FIXTURE_NAME: 'a', FIXTURE_PORT: String(port) }
  const health = [`http://127.0.0.1:${await watchedPort(port)}/healthz`]
  running = startAppProcess({
    apps: [FIXTURE],
    env,
    logFile: path.join(folder, 'log'),
    liveness: { urls: health, patience: PATIENCE },
  })
  await vi.waitFor(() => fetch(`http://127.0.0.1:${port}/`), { timeout: 20_000 })
  return running.pid
}

test('a process that hangs after it had answered is killed, and the reason says why', async () => {
  const pid = await startFixture(async (port) => port)
  await sleep(PATIENCE.everyMs * 4)
  process.kill(pid, 'SIGSTOP')
  expect(await running?.exited).toMatch(/^hung: http:.*healthz was silent 3 times in a row/)
  expect(identify(pid)).toBeUndefined()
})

test('a process that has not answered yet is starting, not hung', async () => {
  const pid = await startFixture(() => freePort())
  await sleep(PATIENCE.everyMs * PATIENCE.failures * 6)
  expect(identify(pid)).toBeDefined()
})
