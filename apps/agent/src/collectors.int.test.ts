import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { start } from './start.ts'
import { decodeOtlp } from './test-fixtures/decode-otlp.fixture.ts'
import { decodeWriteRequest } from './test-fixtures/decode-write-request.fixture.ts'
import { startExposingTarget, type ExposingTarget } from './test-fixtures/exposing-target.fixture.ts'
import { startIngestStandIn, type IngestStandIn } from './test-fixtures/ingest-stand-in.fixture.ts'

let directory: string
let ingest: IngestStandIn
let exposing: ExposingTarget
let statsdPort: number
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-collectors-'))
  ingest = await startIngestStandIn()
  exposing = await startExposingTarget('# TYPE jobs_total counter\njobs_total 7\n')
  statsdPort = await freePort()
  await writeFile(
    join(directory, 'scrape.yml'),
    `scrape_configs: [{ job_name: app, scrape_interval: 100ms, static_configs: [{ targets: ['${exposing.address}'] }] }]`,
  )
})
afterEach(async () => {
  await exposing.stop()
  await ingest.stop()
  await rm(directory, { recursive: true, force: true })
})

const environment = (extra: Record<string, string> = {}) => ({
  NINES_INGEST_URL: ingest.url,
  NINES_INGEST_KEY: 'nk_test',
  NINES_DATA_DIR: directory,
  NINES_AGENT_PORT: '0',
  NINES_AGENT_INTERVAL_MS: '100',
  NINES_AGENT_HOST_NAME: 'box',
  NINES_AGENT_STATSD_PORT: String(statsdPort),
  NINES_AGENT_STATSD_INTERVAL_MS: '100',
  NINES_AGENT_SCRAPE_CONFIG: join(directory, 'scrape.yml'),
  ...extra,
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((done) => server.close(done))
  return port
}
async function sendStatsd(line: string): Promise<void> {
  const socket = createSocket('udp4')
  await new Promise((done) => socket.send(line, statsdPort, '127.0.0.1', done))
  socket.close()
}
const requests = (route: string) => ingest.accepted.filter(({ url }) => url === route)
const points = () => requests('/v1/metrics').flatMap(({ body }) => decodeOtlp(body))
const samples = () => requests('/api/v1/write').flatMap(({ body }) => decodeWriteRequest(body))
const counted = () =>
  points()
    .filter(({ name }) => name === 'clicks')
    .reduce((sum, { value = 0 }) => sum + value, 0)
const scraped = () => samples().filter(({ labels }) => labels['__name__'] === 'jobs_total')
const until = (check: () => unknown) => expect.poll(check, { timeout: 20_000 })

describe('the collectors of the agent', () => {
  it('send StatsD as OTLP and scrapes as remote write 2.0, and tell of themselves', async () => {
    const agent = await start(environment())
    await sendStatsd('clicks:2|c|#page:home\nbroken')
    await until(() => [counted(), scraped().length > 0]).toEqual([2, true])
    await until(() => points().some(({ name, value }) => name === 'nines.agent.scrape.targets' && value === 1)).toBe(
      true,
    )
    expect(points().find(({ name }) => name === 'nines.agent.statsd.refused.no_value')?.value).toBe(1)
    await agent.stop()
    expect(points().find(({ name }) => name === 'clicks')?.labels).toEqual({
      'service.name': 'statsd',
      'host.name': 'box',
      page: 'home',
    })
    expect(requests('/v1/metrics')[0]?.headers['content-type']).toBe('application/x-protobuf')
    expect(scraped()[0]).toMatchObject({
      labels: { job: 'app', instance: exposing.address },
      value: 7,
      type: 'METRIC_TYPE_COUNTER',
    })
    expect(requests('/api/v1/write')[0]?.headers).toMatchObject({
      authorization: 'Bearer nk_test',
      'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '2.0.0',
    })
  })

  it.each([503, 500])('lose nothing while ingest answers %i, over a restart', { timeout: 60_000 }, async (status) => {
    ingest.status = status
    // OTLP counts 500 among the answers that are final; remote write does not.
    const keepsOtlp = status === 503
    const first = await start(environment())
    for (let i = 0; i < 5; i++) await sendStatsd('clicks:1|c')
    await until(async () => (await readdir(join(directory, 'agent', 'scrape-spool'))).length).toBeGreaterThan(1)
    await first.stop()
    expect(ingest.accepted).toEqual([])
    ingest.status = 204
    const second = await start(environment())
    await until(() => scraped().length).toBeGreaterThan(3)
    if (keepsOtlp) await until(counted).toBe(5)
    await second.stop()
    const times = scraped().map(({ timestampMs }) => timestampMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(ingest.refused).toBeGreaterThan(0)
  })

  it('are off unless they are configured', async () => {
    const agent = await start(environment({ NINES_AGENT_STATSD_PORT: '', NINES_AGENT_SCRAPE_CONFIG: '' }))
    await until(() => requests('/v1/metrics').length).toBeGreaterThan(1)
    const socket = createSocket('udp4')
    socket.bind(statsdPort, '127.0.0.1')
    await once(socket, 'listening')
    socket.close()
    await agent.stop()
    expect(requests('/api/v1/write')).toEqual([])
    expect(points().map(({ name }) => name)).not.toContainEqual(expect.stringMatching(/nines\.agent\.(statsd|scrape)/))
  })

  it('end the start with what is wrong, and leave nothing running', async () => {
    const taken = createServer().listen(statsdPort, '127.0.0.1')
    await once(taken, 'listening')
    await expect(start(environment())).rejects.toThrow('EADDRINUSE')
    await new Promise((done) => taken.close(done))
    const agent = await start(environment())
    await agent.stop()
    await expect(start(environment({ NINES_AGENT_STATSD_PORT: 'x' }))).rejects.toThrow('NINES_AGENT_STATSD_PORT')
  })
})
