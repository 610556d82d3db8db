import { useServices } from '@nines/testkit'
import { ZipkinExporter } from '@opentelemetry/exporter-zipkin'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownName, startReceiver, type Receiver } from './receiver.fixture.ts'
import { traceCheckout } from './traced-checkout.fixture.ts'

const services = await useServices()
let receiver: Receiver
beforeAll(async () => {
  receiver = await startReceiver(services)
})
afterAll(() => receiver.stop())

test('the Zipkin exporter of the OpenTelemetry SDK', async () => {
  const service = ownName('shop')
  const exporter = new ZipkinExporter({
    url: `${receiver.httpUrl}/api/v2/spans`,
    headers: { authorization: `Bearer ${receiver.key}` },
    serviceName: service,
  })
  const sent = await traceCheckout(service, exporter)
  const rows = await receiver.rows(
    `SELECT name, kind, lower(hex(trace_id)) AS trace, lower(hex(span_id)) AS span, lower(hex(parent_span_id)) AS parent,
       toUnixTimestamp64Milli(toDateTime64(at, 3))::String AS ms, duration::Float64 AS nanos, status_code, attributes, event_name
     FROM spans WHERE service = '${service}' ORDER BY at`,
    2,
  )
  expect(rows).toMatchObject([
    {
      name: 'POST /checkout',
      kind: 2,
      trace: sent.traceId,
      span: sent.serverSpanId,
      parent: '0000000000000000',
      ms: String(sent.startMs),
      nanos: 250e6,
      attributes: { 'http.request.method': 'POST' },
    },
    {
      name: 'authorise payment',
      kind: 3,
      span: sent.clientSpanId,
      parent: sent.serverSpanId,
      nanos: 100e6,
      status_code: 2,
      attributes: { 'server.address': 'payments' },
      event_name: ['retry'],
    },
  ])
})
