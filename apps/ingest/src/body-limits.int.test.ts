import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { gzipSync } from 'node:zlib'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { counterRequest, startIngestUnderTest, type IngestUnderTest } from './ingest-under-test.ts'

const services = await useServices()
let ingest: IngestUnderTest

const MAX_BODY = 20_000
const MAX_BUFFER = 50_000

beforeAll(async () => {
  ingest = await startIngestUnderTest(services, {
    NINES_INGEST_MAX_BODY_BYTES: String(MAX_BODY),
    NINES_INGEST_MAX_BUFFER_BYTES: String(MAX_BUFFER),
  })
})
afterAll(() => ingest.stop())

const padded = (bytes: number) => {
  const request = JSON.stringify(counterRequest([{ asInt: 1 }]))
  return request + ' '.repeat(bytes - request.length)
}
const send = async (body: string) => (await ingest.post('/v1/metrics', body)).status
const sendZipped = async (body: string) =>
  (await ingest.post('/v1/metrics', gzipSync(body), { 'content-encoding': 'gzip' })).status

/** Sends a request of which `missing` bytes never come; answers a way to hang up. */
async function startUnfinished(bytes: number): Promise<() => void> {
  const socket = connect(Number(new URL(ingest.app.url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  const head = `POST /v1/metrics HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-nines-key: ${ingest.key}\r\n`
  await new Promise<void>((resolve) => {
    socket.write(`${head}content-length: ${bytes + 1}\r\n\r\n${' '.repeat(bytes)}`, () => resolve())
  })
  return () => socket.destroy()
}

test('the limit holds to the byte, before and after decompression', async () => {
  expect(await send(padded(MAX_BODY))).toBe(200)
  expect(await send(padded(MAX_BODY + 1))).toBe(413)
  expect(await sendZipped(padded(MAX_BODY))).toBe(200)
  expect(await sendZipped(padded(MAX_BODY + 1))).toBe(413)
})

test('what one request held is free for the next, whatever became of it', async () => {
  for (let i = 0; i < 20; i++) {
    expect(await send(padded(MAX_BODY))).toBe(200)
    expect(await send(padded(MAX_BODY + 1))).toBe(413)
    expect(await sendZipped('x'.repeat(MAX_BODY))).toBe(400)
  }
})

test('a sender that is still writing sees the answer, not a broken pipe', { timeout: 120_000 }, async () => {
  // In a thread of its own: in ours it could not write while the server closes.
  const sender = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     const { url, key } = workerData
     const send = () =>
       fetch(url + '/v1/metrics', {
         method: 'POST',
         headers: { 'content-type': 'application/json', 'x-nines-key': key },
         body: Buffer.alloc(100_000_000),
       }).then((answer) => answer.status, (error) => String(error.cause ?? error))
     void (async () => {
       const outcomes = []
       for (let i = 0; i < 10; i++) outcomes.push(await send())
       parentPort.postMessage(outcomes)
     })()`,
    { eval: true, workerData: { url: ingest.app.url, key: ingest.key } },
  )
  const [outcomes] = (await once(sender, 'message')) as [unknown[]]
  expect(outcomes).toEqual(Array.from({ length: 10 }, () => 413))
})

test('too many bodies at once are told to retry, until their senders have gone', async () => {
  const hangUps: (() => void)[] = []
  const sendBesideMore = async () => {
    hangUps.push(await startUnfinished(15_000))
    // What a request of ours holds meanwhile would keep it out instead.
    await new Promise((resolve) => setTimeout(resolve, 50))
    return send(padded(MAX_BODY))
  }
  await expect.poll(sendBesideMore, { timeout: 10_000 }).toBe(503)
  for (const hangUp of hangUps) hangUp()
  await expect.poll(() => send(padded(MAX_BODY)), { timeout: 10_000 }).toBe(200)
})

test('senders that hang up while their body is being decompressed leave nothing behind', async () => {
  const body = gzipSync(padded(MAX_BODY))
  const head = `POST /v1/metrics HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nx-nines-key: ${ingest.key}\r\n`
  for (let i = 0; i < 200; i++) {
    const socket = connect(Number(new URL(ingest.app.url).port), '127.0.0.1')
    socket.on('error', () => undefined)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(`${head}content-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`)
    socket.write(body, () => socket.resetAndDestroy())
    await closed
  }
  await expect.poll(() => send(padded(MAX_BODY))).toBe(200)
})
