import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkRunReport, type CheckRun, type ProbeAssignments } from '@nines/contracts'
import type { RunningApp } from '@nines/kernel'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { start } from './start.ts'

let directory: string
let ingest: FastifyInstance
let ingestUrl: string
let probe: RunningApp | undefined
let assignments: ProbeAssignments
let reportStatus: number
let assignmentStatus: number
let runs: CheckRun[]
let refusedReports: number

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-probe-'))
  runs = []
  refusedReports = 0
  reportStatus = 200
  assignmentStatus = 200
  ingest = fastify({ forceCloseConnections: true })
  ingest.addContentTypeParser('application/x-protobuf', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
  ingest.get('/target', () => 'fine')
  ingest.get('/broken', (_, reply) => reply.code(500).send('Error'))
  ingest.post('/v1/metrics', (_, reply) => reply.send(''))
  ingest.get('/v1/probe/assignments', (request, reply) => {
    expect(request.headers.authorization).toBe('Bearer nk_test')
    return reply.code(assignmentStatus).send(assignments)
  })
  ingest.post('/v1/check-runs', (request, reply) => {
    if (reportStatus === 200) runs.push(...checkRunReport.parse(request.body).runs)
    else refusedReports++
    return reply.code(reportStatus).send({})
  })
  ingestUrl = await ingest.listen({ host: '127.0.0.1', port: 0 })
  assignments = { checks: [assigned('chk_good', '/target'), assigned('chk_bad', '/broken')] }
})
afterEach(async () => {
  await probe?.stop()
  probe = undefined
  await ingest.close()
  await rm(directory, { recursive: true, force: true })
})

const assigned = (id: string, path: string): ProbeAssignments['checks'][number] => ({
  id,
  intervalSeconds: 1,
  timeoutMs: 900,
  config: {
    kind: 'http',
    url: `${ingestUrl}${path}`,
    method: 'GET',
    headers: {},
    assertions: [{ on: 'status', op: 'in_class', value: 2 }],
    allowPrivate: true,
  },
})
const startProbe = () =>
  start({
    NINES_INGEST_URL: ingestUrl,
    NINES_INGEST_KEY: 'nk_test',
    NINES_DATA_DIR: directory,
    NINES_PROBE_PORT: '0',
    NINES_PROBE_POLL_MS: '100',
  })
const waitForRuns = (checkId: string, count: number) =>
  expect
    .poll(() => runs.filter((run) => run.checkId === checkId).length, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(count)

describe('a probe', () => {
  it('runs what it is assigned on the grid and reports it', async () => {
    probe = await startProbe()
    await waitForRuns('chk_good', 3)
    await waitForRuns('chk_bad', 2)
    const good = runs.filter((run) => run.checkId === 'chk_good')
    expect(good.every((run) => run.ok && run.location === 'local' && run.statusCode === 200)).toBe(true)
    expect(runs.find((run) => run.checkId === 'chk_bad')).toMatchObject({
      ok: false,
      error: 'status 500, expected 2xx',
    })
    expect(new Set(runs.map((run) => run.runId)).size).toBe(runs.length)
    expect(new Set(good.map((run) => run.scheduledAt % 1000)).size).toBe(1)
    expect(good.every((run) => run.runId === `chk_good@local@${run.scheduledAt}`)).toBe(true)
    expect((await fetch(`${probe.url}/readyz`)).status).toBe(200)
  })

  it('keeps runs that ingest cannot take, also over a restart, and reports each once it can', async () => {
    reportStatus = 503
    probe = await startProbe()
    await expect.poll(() => refusedReports, { timeout: 20_000 }).toBeGreaterThan(0)
    await probe.stop()
    expect(runs).toEqual([])
    reportStatus = 200
    assignments = { checks: [] }
    probe = await startProbe()
    await expect.poll(() => runs.length, { timeout: 20_000 }).toBeGreaterThan(0)
  })

  it('goes on with the last known checks while ingest is away', async () => {
    probe = await startProbe()
    await waitForRuns('chk_good', 1)
    await probe.stop()
    runs = []
    assignmentStatus = 503
    probe = await startProbe()
    expect((await fetch(`${probe.url}/readyz`)).status).toBe(503)
    expect((await fetch(`${probe.url}/healthz`)).status).toBe(200)
    await waitForRuns('chk_good', 1)
  })

  it('names what is missing in its configuration', async () => {
    await expect(start({})).rejects.toThrow(/NINES_INGEST_URL.*NINES_INGEST_KEY/)
  })
})
