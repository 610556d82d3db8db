import { createServer } from 'node:net'
import { startWebhookSink } from '@nines/testkit'
import { Webhook } from 'standardwebhooks'
import { afterAll, describe, expect, test } from 'vitest'
import { newWebhookSecret, webhookHeaders } from './sign-webhook.ts'
import { createWebhookSender } from './webhook-sender.ts'

const sink = await startWebhookSink()
const sender = createWebhookSender({ timeoutMs: 500 })
afterAll(async () => {
  await sender.close()
  await sink.stop()
})
const webhook = (url = sink.url) => ({ url, headers: {}, body: '{"a":1}', allowPrivate: true })

test('sends the signed bytes as they are', async () => {
  const secret = newWebhookSecret()
  const body = '{"text": "grüße",  "n":1}'
  const headers = webhookHeaders({
    id: 'msg_9',
    timestampSeconds: Math.floor(Date.now() / 1000),
    body,
    secrets: [secret],
  })
  expect(await sender.send({ ...webhook(), headers, body })).toMatchObject({
    outcome: 'delivered',
    statusCode: 200,
    error: null,
  })
  const received = sink.requests.at(-1)
  expect(received?.method).toBe('POST')
  expect(received?.headers['content-type']).toBe('application/json')
  const webhookHeadersReceived = Object.fromEntries(
    Object.entries(received?.headers ?? {}).map(([k, v]) => [k, String(v)]),
  )
  expect(new Webhook(secret).verify(received?.body ?? '', webhookHeadersReceived)).toEqual({ text: 'grüße', n: 1 })
})

describe('answers', () => {
  test.each([
    [204, 'delivered', null],
    [410, 'gone', 'status 410: the receiver wants no more messages'],
    [400, 'failed', 'status 400'],
    [500, 'failed', 'status 500'],
  ])('%i is %s', async (status, outcome, error) => {
    sink.answerWith([{ status }])
    expect(await sender.send(webhook())).toMatchObject({ outcome, error, statusCode: status })
  })

  test('a redirect fails and is not followed', async () => {
    const before = sink.requests.length
    sink.answerWith([{ status: 302, headers: { location: `${sink.url}/elsewhere` } }])
    expect(await sender.send(webhook())).toMatchObject({
      outcome: 'failed',
      error: 'status 302: redirects are not followed',
    })
    expect(sink.requests.length - before).toBe(1)
  })

  test('Retry-After is read and the body is cut at 4 KiB', async () => {
    sink.answerWith([{ status: 503, headers: { 'retry-after': '7' }, body: 'x'.repeat(100_000) }])
    const attempt = await sender.send(webhook())
    expect(attempt.retryAfterSeconds).toBe(7)
    expect(attempt.responseSnippet).toBe('x'.repeat(4096))
  })

  test('a receiver that answers too late, hangs up or refuses fails', async () => {
    sink.answerWith([{ delayMs: 3_000 }, { hangUp: true }])
    expect((await sender.send(webhook())).error).toBe('no answer within 0.5 s')
    expect(await sender.send(webhook())).toMatchObject({ outcome: 'failed', statusCode: null })
    expect((await sender.send(webhook('http://127.0.0.1:1'))).error).toContain('ECONNREFUSED')
  })

  test('a body that never ends does not undo the status', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhello')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await sender.send(webhook(`http://127.0.0.1:${port}`))).toMatchObject({
      outcome: 'delivered',
      responseSnippet: 'hello',
    })
    server.close()
  })
})

describe('private addresses', () => {
  test.each([
    'http://127.0.0.1',
    'http://localhost',
    'http://[::1]',
    'http://10.0.0.1',
    'http://169.254.169.254',
    'http://[::ffff:10.0.0.1]',
    'http://0x7f.1',
  ])('%s is refused unless the channel allows it', async (origin) => {
    const before = sink.requests.length
    const attempt = await sender.send({ ...webhook(`${origin}:${new URL(sink.url).port}/`), allowPrivate: false })
    expect(attempt).toMatchObject({ outcome: 'failed', statusCode: null })
    expect(attempt.error).toContain('refused to connect')
    expect(sink.requests.length).toBe(before)
  })
})
