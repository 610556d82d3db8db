import type { CheckRun } from '@nines/contracts'
import type { Block } from '@nines/wire'
import { NativeWriter } from '../native/native-writer.ts'
import { workspaceColumn, type TableRows } from './table-rows.ts'

/** Check runs of all blocks in the order of the blocks and of their rows. */
export function checkRunRows(blocks: readonly Block[]): TableRows {
  const all = blocks.flatMap((block) => block.checkRuns)
  const pick = <T>(value: (run: CheckRun) => T) => all.map(value)
  const rows = new NativeWriter(all.length)
    .uint32(
      'workspace',
      workspaceColumn(blocks, (block) => block.checkRuns.length),
    )
    .string(
      'check_id',
      pick((run) => run.checkId),
    )
    .dateTime(
      'scheduled_at',
      pick((run) => run.scheduledAt),
    )
    .string(
      'location',
      pick((run) => run.location),
    )
    .string(
      'run_id',
      pick((run) => run.runId),
    )
    .dateTime(
      'started_at',
      pick((run) => run.startedAt),
    )
    .float64('duration_ms', Float64Array.from(pick((run) => run.durationMs)))
    .uint8('ok', Uint8Array.from(pick((run) => (run.ok ? 1 : 0))))
    .nullableInt32(
      'status_code',
      pick((run) => run.statusCode),
    )
    .string(
      'error',
      pick((run) => run.error),
    )
    .nullableFloat64(
      'dns_ms',
      pick((run) => run.phases.dnsMs),
    )
    .nullableFloat64(
      'connect_ms',
      pick((run) => run.phases.connectMs),
    )
    .nullableFloat64(
      'tls_ms',
      pick((run) => run.phases.tlsMs),
    )
    .nullableFloat64(
      'first_byte_ms',
      pick((run) => run.phases.firstByteMs),
    )
    .nullableFloat64(
      'transfer_ms',
      pick((run) => run.phases.transferMs),
    )
  return { table: 'check_runs', rows, repeatsCollapseBy: 'engine' }
}
