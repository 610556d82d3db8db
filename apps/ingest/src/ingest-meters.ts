import type { TelemetrySignal } from '@nines/contracts'
import type { Instruments } from '@nines/instrument'

/** What ingest measures about itself beside its requests. */
export interface IngestMeters {
  /** Rows of one answered request. */
  rows(signal: TelemetrySignal | 'check_runs', outcome: { accepted: number; rejected: number }): void
  /** Time until a block was in the stream, or until that failed. */
  append<T>(work: () => Promise<T>): Promise<T>
}

export function createIngestMeters(instruments: Instruments): IngestMeters {
  const rows = instruments.counter('nines.ingest.rows', { unit: '{row}', description: 'Rows received' })
  const duration = instruments.histogram('nines.ingest.append.duration', {
    unit: 's',
    description: 'Time to append a block to the stream',
  })
  return {
    rows(signal, { accepted, rejected }) {
      if (accepted > 0) rows.add(accepted, { signal, outcome: 'accepted' })
      if (rejected > 0) rows.add(rejected, { signal, outcome: 'rejected' })
    },
    async append(work) {
      const startedAt = performance.now()
      let outcome = 'failed'
      try {
        const result = await work()
        outcome = 'appended'
        return result
      } finally {
        duration.record((performance.now() - startedAt) / 1_000, { outcome })
      }
    },
  }
}
