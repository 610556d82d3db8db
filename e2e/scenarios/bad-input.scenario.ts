import { gzipSync } from 'node:zlib'
import { querySamples } from '@nines/contracts'
import { eventually } from '../stack/eventually.ts'
import { startStack, type NinesStack } from '../stack/nines-stack.ts'
import { otlpJson } from '../stack/otlp-history.ts'
import { createOnCall } from './on-call-fixture.ts'
import { runScenario } from './run-scenario.ts'
import type { Report, Scenario } from './report.ts'

interface Case {
  what: string
  headers?: Record<string, string>
  body: string | Uint8Array<ArrayBuffer>
  status: number
  /** What the answer's body must say. */
  says: RegExp
}

const JSON_TYPE = { 'content-type': 'application/json' }
const PROTO_TYPE = { 'content-type': 'application/x-protobuf' }

function point(metric: string, value: number | string, extra: object = {}): object {
  const request = otlpJson([{ metric, attributes: {}, service: 'bad-input', startMs: 0, points: [] }]) as {
    resourceMetrics: { scopeMetrics: { metrics: object[] }[] }[]
  }
  const dataPoints = [{ timeUnixNano: `${Date.now()}000000`, asDouble: value, ...extra }]
  const scope = request.resourceMetrics[0]?.scopeMetrics[0]
  if (scope !== undefined) scope.metrics = [{ name: metric, gauge: { dataPoints } }]
  return request
}

function cases(): Case[] {
  const good = JSON.stringify(point('bad.good', 1))
  return [
    {
      what: 'a wrong key',
      headers: { ...JSON_TYPE, authorization: 'Bearer nk_wrong' },
      body: good,
      status: 401,
      says: /key/i,
    },
    { what: 'no key', headers: { ...JSON_TYPE, authorization: '' }, body: good, status: 401, says: /key/i },
    {
      what: 'malformed protobuf',
      headers: PROTO_TYPE,
      body: Buffer.from([0x0a, 0xff, 0xff, 0xff, 0x7f, 1, 2]),
      status: 400,
      says: /./,
    },
    { what: 'malformed JSON', headers: JSON_TYPE, body: '{"resourceMetrics": [', status: 400, says: /JSON/i },
    {
      what: 'a wrong content type',
      headers: { 'content-type': 'text/plain' },
      body: good,
      status: 415,
      says: /application\/x-protobuf/,
    },
    { what: 'a body of 100 MB', headers: PROTO_TYPE, body: Buffer.alloc(100 * 1024 * 1024), status: 413, says: /./ },
    {
      what: 'a gzip bomb',
      headers: { ...PROTO_TYPE, 'content-encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(200 * 1024 * 1024)),
      status: 413,
      says: /./,
    },
    {
      what: 'gzip that is none',
      headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      body: good,
      status: 400,
      says: /gzip/i,
    },
    {
      what: 'unknown JSON fields',
      headers: JSON_TYPE,
      body: JSON.stringify({ ...point('bad.unknown_fields', 2), futureField: { a: 1 } }),
      status: 200,
      says: /^(?!.*rejected)/,
    },
    {
      what: 'NaN',
      headers: JSON_TYPE,
      body: JSON.stringify(point('bad.nan', 'NaN')),
      status: 200,
      says: /rejectedDataPoints.*bad\.nan/,
    },
    {
      what: 'infinity',
      headers: JSON_TYPE,
      body: JSON.stringify(point('bad.infinite', 'Infinity')),
      status: 200,
      says: /rejectedDataPoints.*bad\.infinite/,
    },
  ]
}

/** Garbage of every kind is answered as specified, and a good point sent beside each is kept. */
const badInput: Scenario = {
  name: 'bad-input',
  about: 'bad requests get the specified status and a body that says what is wrong; nothing else is lost',
  async run(report) {
    const stack = await report.step('a stack starts from nothing', () => startStack())
    try {
      const fixture = await createOnCall(stack, 600)
      let sent = 0
      const startedAt = Date.now()
      for (const bad of cases()) {
        await report.step(`${bad.what}: ${bad.status}`, async () => {
          await Promise.all([expectAnswer(report, stack, bad), sendGood(stack)])
          await sendGood(stack)
          sent += 2
        })
      }
      await report.step('every good point beside them is stored', () =>
        eventually('good points', async () => {
          const answer = await fixture.admin.call(querySamples, {
            body: {
              metric: 'bad.good',
              matchers: [],
              from: new Date(startedAt - 1000).toISOString(),
              to: new Date().toISOString(),
            },
          })
          return answer.series.reduce((n, s) => n + s.samples.length, 0) === sent
        }),
      )
      await fixture.stop()
    } finally {
      await stack.stop()
    }
  },
}

async function expectAnswer(report: Report, stack: NinesStack, bad: Case): Promise<void> {
  const headers = { authorization: `Bearer ${stack.ingestKey}`, ...bad.headers }
  const response = await fetch(`${stack.ingestUrl}/v1/metrics`, { method: 'POST', headers, body: bad.body })
  const text = await response.text()
  report.note(`${response.status} ${JSON.stringify(text).slice(0, 140)}`)
  if (response.status !== bad.status) throw new Error(`answered ${response.status}: ${text.slice(0, 300)}`)
  if (!bad.says.test(text)) throw new Error(`the body does not say ${bad.says}: ${text.slice(0, 300)}`)
}

let nextGoodAt = 0

async function sendGood(stack: NinesStack): Promise<void> {
  // A time of its own for every point: two points of one series at one time are one sample.
  nextGoodAt = Math.max(nextGoodAt + 1, Date.now())
  const body = JSON.stringify(point('bad.good', 1, { timeUnixNano: `${nextGoodAt}000000` }))
  const response = await fetch(`${stack.ingestUrl}/v1/metrics`, {
    method: 'POST',
    headers: { ...JSON_TYPE, authorization: `Bearer ${stack.ingestKey}` },
    body,
  })
  if (!response.ok) throw new Error(`a good request was answered ${response.status}: ${await response.text()}`)
}

if (import.meta.main) await runScenario(badInput)
