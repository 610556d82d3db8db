import { ByteWriter } from '../load/byte-writer.ts'
import { literalSnappy } from '../query/literal-snappy.ts'
import type { BenchService } from './bench-service.ts'

export const REQUESTS_METRIC = 'bench_requests_total'
export const WRITE_PATH = '/api/v1/write'
export const WRITE_HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
}

/** Remote write 1.0: the totals of these services at the instant, two series each. */
export function requestsBody(services: readonly BenchService[], at: number): Buffer {
  const request = new ByteWriter()
  for (const { slo, totals } of services) {
    request.message(1, timeSeries(slo, '200', totals.good, at))
    request.message(1, timeSeries(slo, '500', totals.bad, at))
  }
  return literalSnappy(request.finish())
}

function timeSeries(slo: string, status: string, value: number, at: number): ByteWriter {
  const message = new ByteWriter()
  const labels = { __name__: REQUESTS_METRIC, slo, status }
  for (const [name, text] of Object.entries(labels)) {
    const label = new ByteWriter()
    label.string(1, name)
    label.string(2, text)
    message.message(1, label)
  }
  const sample = new ByteWriter()
  sample.double(1, value)
  sample.uint(2, at)
  message.message(2, sample)
  return message
}
