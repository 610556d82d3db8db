import {
  FinishedBuckets,
  NO_ROLLUPS,
  SeriesDirectory,
  type QueryEngine,
  type RollupProgress,
  type Telemetry,
} from '@nines/telemetry'

export interface QueryEngineParts {
  telemetry: Telemetry
  rollups?: RollupProgress
  buckets?: FinishedBuckets
  askHead?: QueryEngine['askHead']
}

/** What answers queries of this process. */
export function createQueryEngine({
  telemetry,
  rollups = NO_ROLLUPS,
  buckets = new FinishedBuckets(),
  askHead,
}: QueryEngineParts): QueryEngine {
  const directory = new SeriesDirectory(telemetry, Date.now)
  return { telemetry, directory, rollups, buckets, ...(askHead && { askHead }) }
}
