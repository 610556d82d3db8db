import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer'
import { describe, expect, test } from 'vitest'
import { encodeExportResponse, encodeStatus } from './otlp-response.ts'

const ALL = { accepted: 5, rejected: 0, message: '' }
const PART = { accepted: 5, rejected: 300, message: 'metric "ä": a value is NaN' }

describe('the answer to an export', () => {
  test('is read by OpenTelemetry’s own parser', () => {
    const read = (bytes: Buffer) => ProtobufMetricsSerializer.deserializeResponse(new Uint8Array(bytes))
    expect(read(encodeExportResponse('protobuf', PART)).partialSuccess).toMatchObject({
      rejectedDataPoints: 300,
      errorMessage: PART.message,
    })
    expect(encodeExportResponse('protobuf', ALL)).toHaveLength(0)
  })

  test('names rejected rows as the signal does', () => {
    const logs = new Uint8Array(encodeExportResponse('protobuf', PART, 'logs'))
    expect(ProtobufLogsSerializer.deserializeResponse(logs).partialSuccess).toMatchObject({ rejectedLogRecords: 300 })
    const traces = new Uint8Array(encodeExportResponse('protobuf', PART, 'traces'))
    expect(ProtobufTraceSerializer.deserializeResponse(traces).partialSuccess).toMatchObject({ rejectedSpans: 300 })
    const json = JSON.parse(encodeExportResponse('json', PART, 'traces').toString())
    expect(json.partialSuccess.rejectedSpans).toBe('300')
    expect(JSON.parse(encodeExportResponse('json', PART, 'logs').toString())).toEqual({
      partialSuccess: { rejectedLogRecords: '300', errorMessage: PART.message },
    })
  })

  test('in JSON has int64 as text and nothing on full success', () => {
    expect(JSON.parse(encodeExportResponse('json', PART).toString())).toEqual({
      partialSuccess: { rejectedDataPoints: '300', errorMessage: PART.message },
    })
    expect(encodeExportResponse('json', ALL).toString()).toBe('{}')
  })
})

describe('a status', () => {
  test.each([
    [400, 3],
    [401, 16],
    [403, 7],
    [404, 5],
    [413, 8],
    [415, 3],
    [503, 14],
    [500, 13],
    [418, 2],
  ])('of HTTP %i has code %i', (http, code) => {
    expect(JSON.parse(encodeStatus('json', http, 'why').toString())).toEqual({ code, message: 'why' })
    expect([...encodeStatus('protobuf', http, 'why')]).toEqual([0x08, code, 0x12, 3, ...Buffer.from('why')])
  })

  test('of bad data has a google.rpc.BadRequest in its details', () => {
    const violations = [{ path: 'a[0]', message: 'is bad' }]
    const type = 'type.googleapis.com/google.rpc.BadRequest'
    expect(JSON.parse(encodeStatus('json', 400, 'why', violations).toString())).toEqual({
      code: 3,
      message: 'why',
      details: [{ '@type': type, fieldViolations: [{ field: 'a[0]', description: 'is bad' }] }],
    })
    const violation = [0x0a, 14, 0x0a, 4, ...Buffer.from('a[0]'), 0x12, 6, ...Buffer.from('is bad')]
    const any = [0x0a, type.length, ...Buffer.from(type), 0x12, violation.length, ...violation]
    const status = [0x08, 3, 0x12, 3, ...Buffer.from('why'), 0x1a, any.length, ...any]
    expect([...encodeStatus('protobuf', 400, 'why', violations)]).toEqual(status)
  })

  test('may have a long message', () => {
    const message = 'x'.repeat(300)
    const bytes = encodeStatus('protobuf', 400, message)
    expect([...bytes.subarray(0, 5)]).toEqual([0x08, 3, 0x12, 0xac, 0x02])
    expect(bytes.subarray(5).toString()).toBe(message)
  })
})
