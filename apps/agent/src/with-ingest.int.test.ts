import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { newToken, type RunningApp } from '@nines/kernel'
import { createBlockStream, type BlockStream } from '@nines/pipeline'
import { bootstrapInstallation } from '@nines/records'
import { spawnApp, useServices, type AppProcess } from '@nines/testkit'
import { isStaleAt } from '@nines/wire'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { start } from './start.ts'
import { startExposingTarget, type ExposingTarget } from './test-fixtures/exposing-target.fixture.ts'

const services = await useServices()
const INGEST = path.join(import.meta.dirname, '../../ingest/src/index.ts')

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}

let directory: string
let ingest: AppProcess
let exposing: ExposingTarget
let agent: RunningApp
let stream: BlockStream
let statsdPort: number

beforeAll(async () => {
  const key = newToken('nk_')
  const secretKey = services.env.NINES_SECRET_KEY ?? ''
  const keys = { secretKey, ingestKey: key, internalKey: newToken('nk_') }
  await bootstrapInstallation(services.databaseUrl, { ...keys, demo: false })
  const ingestPort = await freePort()
  statsdPort = await freePort()
  ingest = await spawnApp(INGEST, { ...services.env, NINES_INGEST_PORT: String(ingestPort) })
  stream = createBlockStream({ redisUrl: services.redisUrl, prefix: services.redisPrefix })
  exposing = await startExposingTarget()
  exposing.contentType = 'application/openmetrics-text; version=1.0.0'
  directory = await mkdtemp(path.join(tmpdir(), 'nines-with-ingest-'))
  const config = path.join(directory, 'scrape.yml')
  const targets = `[{ targets: ['${exposing.address}'] }]`
  await writeFile(config, `scrape_configs: [{ job_name: app, scrape_interval: 200ms, static_configs: ${targets} }]`)
  agent = await start({
    NINES_INGEST_URL: `http://127.0.0.1:${ingestPort}`,
    NINES_INGEST_KEY: key,
    NINES_DATA_DIR: directory,
    NINES_AGENT_PORT: '0',
    NINES_AGENT_HOST_NAME: 'box',
    NINES_AGENT_STATSD_PORT: String(statsdPort),
    NINES_AGENT_STATSD_INTERVAL_MS: '200',
    NINES_AGENT_SCRAPE_CONFIG: config,
  })
})
afterAll(async () => {
  await agent.stop()
  await ingest.stop()
  await stream.close()
  await exposing.stop()
  await rm(directory, { recursive: true, force: true })
})

const until = (check: () => unknown) => expect.poll(check, { timeout: 20_000 })
const blocks = async () => (await stream.read(0, '0-0')).map(({ block }) => block)
const seriesOf = async (metric: string) =>
  (await blocks()).flatMap(({ series }) => series.filter((one) => one.metric === metric))
async function rowsOf(metric: string) {
  const [series] = await seriesOf(metric)
  return (await blocks()).flatMap(({ samples }) =>
    [...samples.series].flatMap((id, row) =>
      String(id) === series?.id
        ? [{ value: isStaleAt(samples.value, row) ? 'stale' : samples.value[row], start: samples.start[row] ?? 0 }]
        : [],
    ),
  )
}

it('has its StatsD understood by ingest', async () => {
  const socket = createSocket('udp4')
  for (const line of ['clicks:2|c|#page:home', 'took:12:18|ms|@0.5', 'level:4|g'])
    await new Promise((done) => socket.send(line, statsdPort, '127.0.0.1', done))
  socket.close()
  await until(async () => (await rowsOf('clicks')).map(({ value }) => value)).toEqual([2])
  expect((await seriesOf('clicks'))[0]).toMatchObject({
    kind: 'sum',
    temporality: 'delta',
    labels: { 'service.name': 'statsd', 'host.name': 'box', page: 'home' },
  })
  expect((await rowsOf('level'))[0]).toMatchObject({ value: 4 })
  const histograms = (await blocks()).flatMap(({ exponentialHistograms = [] }) => exponentialHistograms)
  expect(histograms).toMatchObject([{ count: 4, sum: 60, min: 12, max: 18 }])
})

it('has its scrapes understood by ingest', async () => {
  exposing.text = `# TYPE jobs counter
# HELP jobs Jobs done.
jobs_total{job="mine"} 7 # {trace_id="0af7651916cd43dd8448eb211c80319c"} 1
jobs_created{job="mine"} ${Math.floor(Date.now() / 1000) - 60}
# EOF
`
  await until(async () => (await rowsOf('jobs_total')).length).toBeGreaterThan(1)
  expect((await seriesOf('jobs_total'))[0]).toMatchObject({
    kind: 'sum',
    temporality: 'cumulative',
    monotonic: true,
    labels: { job: 'app', exported_job: 'mine', instance: exposing.address },
  })
  const [first] = await rowsOf('jobs_total')
  expect(first?.value).toBe(7)
  expect(first?.start).toBeGreaterThan(Date.now() - 120_000)
  expect((await rowsOf('up')).at(-1)?.value).toBe(1)
  exposing.text = '# EOF\n'
  await until(async () => (await rowsOf('jobs_total')).at(-1)?.value).toBe('stale')
})
