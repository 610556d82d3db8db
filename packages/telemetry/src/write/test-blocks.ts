import type { CheckRun, SeriesDefinition, Slice } from '@nines/contracts'
import { emptyBlock, type Block, type HistogramRow } from '@nines/wire'

export function seriesDefinition(id: number | string, change: Partial<SeriesDefinition> = {}): SeriesDefinition {
  return {
    id: String(id),
    metric: 'http.requests',
    kind: 'sum',
    temporality: 'cumulative',
    monotonic: true,
    unit: '1',
    description: '',
    labels: {},
    ...change,
  }
}

/** A block of samples `[series, at, value]` (start 0). */
export function sampleBlock(workspace: number, samples: readonly (readonly [number, number, number])[]): Block {
  return {
    ...emptyBlock(workspace, 1_790_000_000_000),
    samples: {
      series: BigUint64Array.from(samples, ([series]) => BigInt(series)),
      at: Float64Array.from(samples, ([, at]) => at),
      start: new Float64Array(samples.length),
      value: Float64Array.from(samples, ([, , value]) => value),
    },
  }
}

export function histogramRow(series: number, at: number, change: Partial<HistogramRow> = {}): HistogramRow {
  return {
    series: BigInt(series),
    at,
    start: 0,
    count: 3,
    sum: 1.5,
    min: NaN,
    max: 2,
    bounds: [0.5, 1],
    bucketCounts: [1, 1, 1],
    ...change,
  }
}

export function checkRun(checkId: string, scheduledAt: number, change: Partial<CheckRun> = {}): CheckRun {
  const location = change.location ?? 'here'
  return {
    checkId,
    location,
    runId: `${checkId}@${location}@${scheduledAt}`,
    scheduledAt,
    startedAt: scheduledAt + 3,
    durationMs: 12.5,
    ok: true,
    statusCode: 200,
    error: '',
    phases: { dnsMs: 1, connectMs: null, tlsMs: null, firstByteMs: 2.5, transferMs: 3 },
    ...change,
  }
}

export function slice(minute: number, revision: number, change: Partial<Slice> = {}): Slice {
  return { sloId: 'slo_1', version: 1, minute, good: 9, total: 10, expected: 0, revision, ...change }
}
