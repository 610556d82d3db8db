import { useServices } from '@nines/testkit'
import protobuf from 'protobufjs'
import { compress } from 'snappyjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownName, startReceiver, type Receiver } from './receiver.fixture.ts'

/** grafana/loki, pkg/push/push.proto: what promtail and Alloy send. */
const PUSH_PROTO = `
syntax = "proto3";
message PushRequest { repeated Stream streams = 1; }
message Stream { string labels = 1; repeated Entry entries = 2; uint64 hash = 3; }
message Entry { Timestamp timestamp = 1; string line = 2; repeated LabelPair structuredMetadata = 3; }
message Timestamp { int64 seconds = 1; int32 nanos = 2; }
message LabelPair { string name = 1; string value = 2; }
`
const PushRequest = protobuf.parse(PUSH_PROTO, { keepCase: true }).root.lookupType('PushRequest')

const services = await useServices()
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver(services)
})
afterAll(() => receiver.stop())

const SECOND = Math.floor(Date.now() / 1000) - 60

const push = (body: RequestInit['body'], contentType: string) =>
  fetch(`${receiver.httpUrl}/loki/api/v1/push`, {
    method: 'POST',
    body,
    headers: { 'content-type': contentType, authorization: `Bearer ${receiver.key}` },
  })

const expectRows = async (job: string) => {
  const rows = await receiver.rows<{ nanos: string; body: string; labels: Record<string, string> }>(
    `SELECT toUnixTimestamp64Nano(at)::String AS nanos, body, mapUpdate(resource, attributes) AS labels FROM logs
     WHERE mapUpdate(resource, attributes)['job'] = '${job}' OR service = '${job}' ORDER BY at`,
    2,
  )
  expect(rows.map((row) => [row.nanos, row.body])).toEqual([
    [`${SECOND}000000001`, 'level=info msg="order placed"'],
    [`${SECOND + 1}000000000`, 'level=error msg="no stock"'],
  ])
  expect(rows[0]?.labels).toMatchObject({ filename: '/var/log/app.log', order_id: '7' })
}

test('a push of promtail: protobuf and Snappy', async () => {
  const job = ownName('promtail')
  const request = PushRequest.create({
    streams: [
      {
        labels: `{job="${job}", filename="/var/log/app.log"}`,
        entries: [
          {
            timestamp: { seconds: SECOND, nanos: 1 },
            line: 'level=info msg="order placed"',
            structuredMetadata: [{ name: 'order_id', value: '7' }],
          },
          { timestamp: { seconds: SECOND + 1, nanos: 0 }, line: 'level=error msg="no stock"' },
        ],
      },
    ],
  })
  const encoded = PushRequest.encode(request).finish()
  const answer = await push(new Uint8Array(compress(encoded)), 'application/x-protobuf')
  expect([answer.status, await answer.text()]).toEqual([204, ''])
  await expectRows(job)
})

test('a push in JSON', async () => {
  const job = ownName('fluent-bit')
  const body = JSON.stringify({
    streams: [
      {
        stream: { job, filename: '/var/log/app.log' },
        values: [
          [`${SECOND}000000001`, 'level=info msg="order placed"', { order_id: '7' }],
          [`${SECOND + 1}000000000`, 'level=error msg="no stock"'],
        ],
      },
    ],
  })
  const answer = await push(body, 'application/json')
  expect([answer.status, await answer.text()]).toEqual([204, ''])
  await expectRows(job)
})
