import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startRedis } from '@nines/embedded'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Launcher } from './launcher.ts'
import { Progress } from './progress.ts'
import { untilReady } from './readiness.ts'

const FIXTURE = path.resolve(import.meta.dirname, '../../test-fixtures/counting-app.ts')
const quiet = () => new Progress(Date.now(), () => {})

let folder: string
let journal: string
let launcher: Launcher | undefined
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nines-launcher-'))
  journal = path.join(folder, 'journal')
  writeFileSync(journal, '')
})
afterEach(async () => {
  await launcher?.stop()
  launcher = undefined
  rmSync(folder, { recursive: true, force: true })
})

const journalLines = () => readFileSync(journal, 'utf8').trim().split('\n').filter(Boolean)
const fixtureEnv = (name: string, port: number) => {
  const { PATH = '' } = process.env
  return { PATH, FIXTURE_JOURNAL: journal, FIXTURE_NAME: name, FIXTURE_PORT: String(port) }
}
const ready = (port: number) =>
  untilReady([{ name: 'fixture', url: `http://127.0.0.1:${port}/readyz`, logFile: '' }], 20_000, () => undefined)
const pidOf = (name: string) => {
  const lock = JSON.parse(readFileSync(path.join(folder, 'launcher.json'), 'utf8')) as {
    children: Record<string, { pid: number }>
  }
  return lock.children[name]?.pid ?? 0
}

/** The fixture under a name of its own. */
function appNamed(name: string): string {
  const file = path.join(folder, `${name}.ts`)
  writeFileSync(file, `export { start } from ${JSON.stringify(FIXTURE)}\n`)
  return file
}

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400; i++) {
    if (await holds()) return
    await sleep(25)
  }
  throw new Error('what should have come true did not within 10 s')
}

test('an app that is killed is started again; at the end all drain in order', async () => {
  const [a, b] = [await freePort(), await freePort()]
  launcher = await Launcher.open(folder, quiet())
  await launcher.startApps({ name: 'first', apps: [appNamed('first')] }, fixtureEnv('first', a))
  await launcher.startApps({ name: 'second', apps: [appNamed('second')] }, fixtureEnv('second', b))
  await Promise.all([ready(a), ready(b)])
  const killed = pidOf('first')
  process.kill(killed, 'SIGKILL')
  await eventually(() => pidOf('first') !== killed)
  await ready(a)
  await launcher.stop()
  expect(journalLines().filter((line) => line === 'up first')).toHaveLength(2)
  expect(journalLines().slice(-2)).toEqual(['drained first', 'drained second'])
})

test('a store that is killed comes back on its port with its data', async () => {
  const options = { dataDir: path.join(folder, 'redis'), port: await freePort() }
  launcher = await Launcher.open(folder, quiet())
  const url = await launcher.startStore({ name: 'redis', title: 'Redis', start: () => startRedis(options) })
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  redis.on('error', () => {})
  await redis.set('kept', 'yes')
  const killed = pidOf('redis')
  process.kill(killed, 'SIGKILL')
  await eventually(() => pidOf('redis') !== killed)
  expect(await redis.get('kept')).toBe('yes')
  redis.disconnect()
})

test('a second launcher on the same folder is told who is there', async () => {
  launcher = await Launcher.open(folder, quiet())
  await expect(Launcher.open(folder, quiet())).rejects.toThrow(
    new RegExp(`already running.*process ${process.pid}.*NINES_DATA_DIR`),
  )
})

test('after a killed launcher the next one finds nothing in its way', async () => {
  const [appPort, redisPort] = [await freePort(), await freePort()]
  const embedded = JSON.stringify(path.resolve(import.meta.dirname, '../../../../packages/embedded/src/index.ts'))
  const script = `import { Launcher } from ${JSON.stringify(path.join(import.meta.dirname, 'launcher.ts'))}
    import { Progress } from ${JSON.stringify(path.join(import.meta.dirname, 'progress.ts'))}
    import { startRedis } from ${embedded}
    const launcher = await Launcher.open(${JSON.stringify(folder)}, new Progress(Date.now(), () => {}))
    await launcher.startStore({ name: 'redis', title: 'Redis', start: () => startRedis(${JSON.stringify({ dataDir: path.join(folder, 'redis'), port: redisPort })}) })
    await launcher.startApps({ name: 'app', apps: [${JSON.stringify(FIXTURE)}] }, ${JSON.stringify(fixtureEnv('app', appPort))})
    setInterval(() => {}, 1000)`
  const victim = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { stdio: 'inherit' })
  await ready(appPort)
  await eventually(() => pidOf('redis') > 0 && pidOf('counting-app') > 0)
  const redisPid = pidOf('redis')
  victim.kill('SIGKILL')
  await eventually(() => journalLines().includes('drained app'))

  launcher = await Launcher.open(folder, quiet())
  await launcher.startStore({
    name: 'redis',
    title: 'Redis',
    start: () => startRedis({ dataDir: path.join(folder, 'redis'), port: redisPort }),
  })
  expect(pidOf('redis')).not.toBe(redisPid)
  await launcher.startApps({ name: 'app', apps: [FIXTURE] }, fixtureEnv('app', appPort))
  await ready(appPort)
})

test('an app that cannot start makes the launcher give up with its name and log', async () => {
  launcher = await Launcher.open(folder, quiet())
  const port = await freePort()
  await launcher.startApps({ name: 'broken', apps: [path.join(folder, 'missing.ts')] }, fixtureEnv('broken', port))
  const target = { name: 'broken', url: `http://127.0.0.1:${port}/readyz`, logFile: launcher.logFile('broken') }
  await expect(untilReady([target], 30_000, () => launcher?.startProblem)).rejects.toThrow(
    /broken ended \d times.*broken\.log/,
  )
  expect(readFileSync(target.logFile, 'utf8')).toContain('missing.ts')
})
