import { afterAll, beforeAll, expect, test } from 'vitest'
import { startWebhookSink, type WebhookSink } from './webhook-sink.ts'

let sink: WebhookSink
beforeAll(async () => {
  sink = await startWebhookSink()
})
afterAll(() => sink.stop())

const post = (path: string, body: string) =>
  fetch(`${sink.url}${path}`, { method: 'POST', body, headers: { 'webhook-id': 'msg_1' } })

test('records method, path, headers and the raw body', async () => {
  await post('/hook?x=1', '{"a": 1}')
  const received = await sink.waitFor((r) => r.path.startsWith('/hook'), 1000)
  expect(received).toMatchObject({
    method: 'POST',
    path: '/hook?x=1',
    body: '{"a": 1}',
    headers: { 'webhook-id': 'msg_1' },
  })
})

test('answers by script, then 200 again', async () => {
  sink.answerWith([{ status: 503 }, { status: 429, headers: { 'retry-after': '7' } }, { hangUp: true }])
  expect((await post('/s', '')).status).toBe(503)
  expect((await post('/s', '')).headers.get('retry-after')).toBe('7')
  await expect(post('/s', '')).rejects.toThrow()
  expect((await post('/s', '')).status).toBe(200)
})

test('waits for a request that is still to come, and gives up in time', async () => {
  const coming = sink.waitFor((r) => r.path === '/later', 5000)
  await post('/later', 'x')
  expect((await coming).body).toBe('x')
  await expect(sink.waitFor((r) => r.path === '/never', 30)).rejects.toThrow(/no matching request/)
})
