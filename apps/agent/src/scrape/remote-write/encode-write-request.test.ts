import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeWriteRequest } from '../../test-fixtures/decode-write-request.fixture.ts'
import type { MetricType } from '../exposition/exposition.ts'
import { encodeWriteRequest } from './encode-write-request.ts'
import { STALE, type WriteSeries } from './write-series.ts'

const series = (parts: Partial<WriteSeries>): WriteSeries => ({
  labels: [['__name__', 'm']],
  value: 1,
  timestampMs: 1000,
  startMs: null,
  exemplar: null,
  metadata: null,
  ...parts,
})

describe('encodeWriteRequest', () => {
  it('writes a series with all there is to say of it', () => {
    const [sample] = decodeWriteRequest(
      encodeWriteRequest([
        series({
          labels: [
            ['__name__', 'requests_total'],
            ['a', 'größe'],
          ],
          value: 2.5,
          timestampMs: 1_700_000_000_123,
          startMs: 1_600_000_000_000,
          exemplar: { labels: [['trace_id', 'abc']], value: 0.5, timestampMs: 1_700_000_000_000 },
          metadata: { type: 'counter', help: 'Requests', unit: 'requests' },
        }),
      ]),
    )
    expect(sample).toEqual({
      labels: { __name__: 'requests_total', a: 'größe' },
      labelNames: ['__name__', 'a'],
      value: 2.5,
      timestampMs: 1_700_000_000_123,
      startMs: 1_600_000_000_000,
      exemplar: { labels: { trace_id: 'abc' }, value: 0.5, timestampMs: 1_700_000_000_000 },
      type: 'METRIC_TYPE_COUNTER',
      help: 'Requests',
      unit: 'requests',
    })
  })

  it('tells the end of a series from a value that is no number', () => {
    const values = [STALE, NaN, Infinity, -Infinity, -0] as const
    const decoded = decodeWriteRequest(encodeWriteRequest(values.map((value) => series({ value }))))
    expect(decoded.map(({ value }) => value)).toEqual(['stale', NaN, Infinity, -Infinity, -0])
  })

  it('writes nothing as an empty request', () => {
    expect(decodeWriteRequest(encodeWriteRequest([]))).toEqual([])
  })

  const text = fc.string({ unit: 'binary', maxLength: 300 }).map((t) => t.toWellFormed())
  const labels = fc.uniqueArray(fc.tuple(text, text), { maxLength: 5, selector: ([name]) => name })
  const time = fc.integer({ min: -(2 ** 50), max: 2 ** 50 })
  const types: MetricType[] = [
    'counter',
    'gauge',
    'histogram',
    'gaugehistogram',
    'summary',
    'info',
    'stateset',
    'unknown',
  ]
  const any: fc.Arbitrary<WriteSeries> = fc.record({
    labels,
    value: fc.double(),
    timestampMs: time,
    startMs: fc.option(time.filter((ms) => ms !== 0)),
    exemplar: fc.option(fc.record({ labels, value: fc.double({ noNaN: true }), timestampMs: time })),
    metadata: fc.option(fc.record({ type: fc.constantFrom(...types), help: text, unit: text })),
  })

  it('is read by another decoder as it was meant', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (all) => {
        const decoded = decodeWriteRequest(encodeWriteRequest(all))
        expect(decoded).toEqual(
          all.map((one) => ({
            labels: Object.fromEntries(one.labels),
            labelNames: one.labels.map(([name]) => name),
            value: one.value,
            timestampMs: one.timestampMs,
            startMs: one.startMs ?? 0,
            exemplar: one.exemplar ? { ...one.exemplar, labels: Object.fromEntries(one.exemplar.labels) } : null,
            type: one.metadata
              ? `METRIC_TYPE_${one.metadata.type === 'unknown' ? 'UNSPECIFIED' : one.metadata.type.toUpperCase()}`
              : null,
            help: one.metadata?.help ?? '',
            unit: one.metadata?.unit ?? '',
          })),
        )
      }),
    )
  })

  it('carries many series in one request', () => {
    const many = Array.from({ length: 5000 }, (_, i) =>
      series({
        labels: [
          ['__name__', 'm'],
          ['i', String(i)],
        ],
        value: i,
      }),
    )
    const body = encodeWriteRequest(many)
    expect(decodeWriteRequest(body).map(({ value }) => value)).toEqual(many.map(({ value }) => value))
    expect(body.length).toBeLessThan(200_000)
  })
})
