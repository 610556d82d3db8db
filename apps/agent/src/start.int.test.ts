import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { BlockBuilder, metricsFromProtobuf, MetricsNormaliser, SeriesCache } from '@nines/wire'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { start } from './start.ts'

let directory: string
let ingest: Server
let status: number
let accepted: Buffer[]
let refused: number
let children: ChildProcess[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-agent-'))
  status = 200
  accepted = []
  refused = 0
  children = []
  ingest = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (status === 200) accepted.push(Buffer.concat(chunks))
      else refused++
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((done) => ingest.listen(0, '127.0.0.1', done))
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  ingest.closeAllConnections()
  await new Promise((done) => ingest.close(done))
  await rm(directory, { recursive: true, force: true })
})

const environment = (extra: Record<string, string> = {}) => ({
  NINES_INGEST_URL: `http://127.0.0.1:${(ingest.address() as AddressInfo).port}`,
  NINES_INGEST_KEY: 'nk_test',
  NINES_DATA_DIR: directory,
  NINES_AGENT_PORT: '0',
  NINES_AGENT_INTERVAL_MS: '60',
  ...extra,
})

/** The agent in a process of its own, so that it can be killed. */
function startProcess(): ChildProcess {
  const script = `import(${JSON.stringify(new URL('start.ts', import.meta.url).href)}).then((m) => m.start(process.env))`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, ...environment(), NINES_LOG_LEVEL: 'silent' },
    stdio: 'inherit',
  })
  children.push(child)
  return child
}

const spoolDirectory = () => join(directory, 'agent', 'spool')
async function spooled(): Promise<Buffer[]> {
  const names = (await readdir(spoolDirectory())).filter((name) => name.endsWith('.entry')).sort()
  return Promise.all(names.map((name) => readFile(join(spoolDirectory(), name))))
}

describe('the agent', () => {
  it('sends readings that ingest understands', async () => {
    const agent = await start(environment())
    await expect.poll(() => accepted.length, { timeout: 10_000 }).toBeGreaterThan(2)
    expect((await fetch(`${agent.url}/readyz`)).status).toBe(200)
    await agent.stop()
    const seen = decode(accepted[1] ?? Buffer.alloc(0))
    expect(seen.rejected).toBe(0)
    expect(seen.labels).toMatchObject({
      'service.name': 'nines-agent',
      'host.name': hostname(),
      'os.type': process.platform,
    })
    for (const metric of [
      'system.cpu.time',
      'system.memory.usage',
      'system.cpu.load_average.1m',
      'nines.agent.dropped',
    ])
      expect(seen.metrics).toContain(metric)
    expect(Math.abs(seen.at - Date.now())).toBeLessThan(60_000)
  })

  it('loses nothing while ingest is away, not even when it is killed', { timeout: 60_000 }, async () => {
    status = 503
    const first = startProcess()
    await expect.poll(async () => (await spooled().catch(() => [])).length, { timeout: 20_000 }).toBeGreaterThan(8)
    first.kill('SIGKILL')
    await once(first, 'exit')
    const kept = await spooled()
    expect(refused).toBeGreaterThan(0)

    status = 200
    startProcess()
    await expect.poll(() => accepted.length, { timeout: 20_000 }).toBeGreaterThan(kept.length)
    expect(accepted.slice(0, kept.length).map(digest)).toEqual(kept.map(digest))
    const instants = accepted.map((bytes) => decode(bytes).at)
    expect(instants).toEqual([...instants].sort((a, b) => a - b))
    expect(new Set(accepted.map((bytes) => decode(bytes).cpuStart)).size).toBe(1)
  })

  it('drops what ingest refuses for good and goes on', async () => {
    status = 400
    const agent = await start(environment())
    await expect.poll(() => refused, { timeout: 10_000 }).toBeGreaterThan(2)
    status = 200
    await expect.poll(() => accepted.length, { timeout: 10_000 }).toBeGreaterThan(1)
    await agent.stop()
    expect((await spooled()).length).toBeLessThan(3)
  })
})

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** One request as ingest reads it. */
function decode(bytes: Buffer) {
  const builder = new BlockBuilder(1, Date.now())
  const normaliser = new MetricsNormaliser(builder, new SeriesCache(), Date.now())
  metricsFromProtobuf(bytes, normaliser)
  const { rejected } = normaliser.outcome()
  const block = builder.finish()
  const cpu = block.series.find((series) => series.metric === 'system.cpu.time')
  const row = block.samples.series.indexOf(BigInt(cpu?.id ?? 0))
  return {
    rejected,
    labels: cpu?.labels ?? {},
    metrics: block.series.map((series) => series.metric),
    at: block.samples.at[row] ?? 0,
    cpuStart: block.samples.start[row] ?? 0,
  }
}
