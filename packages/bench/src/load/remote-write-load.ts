import type { Load, LoadBatch } from './load-batch.ts'
import { remoteWriteBatch, REMOTE_WRITE_HEADERS, REMOTE_WRITE_PATH } from './remote-write-batch.ts'
import { SampleValues } from './sample-values.ts'
import { benchSeries } from './series-labels.ts'

/** Remote write 1.0: `series` series from the index `first` on, one sample of each at a time, `samplesPerRequest` of them in a request. */
export function remoteWriteLoad(series: number, samplesPerRequest: number, first = 0): Load {
  const batches: LoadBatch[] = []
  let plainBytes = 0
  for (let from = first; from < first + series; from += samplesPerRequest) {
    const labels = Array.from({ length: Math.min(samplesPerRequest, first + series - from) }, (_, i) =>
      benchSeries(from + i),
    )
    const values = new SampleValues(
      labels.map(({ kind }) => kind),
      from,
    )
    const { batch, plain } = remoteWriteBatch(
      labels.map(({ metric, pod, own }) => [['__name__', metric], ...pod, ...own]),
      values,
    )
    batches.push(batch)
    plainBytes += plain
  }
  return {
    signal: 'samples',
    stepMs: 15_000,
    path: REMOTE_WRITE_PATH,
    headers: REMOTE_WRITE_HEADERS,
    batches,
    sentBytes: batches.reduce((sum, b) => sum + b.body.length, 0),
    plainBytes,
  }
}
