import { NO_ROLLUPS, SeriesDirectory, type QueryEngine, type RollupProgress, type Telemetry } from '@nines/telemetry'

export interface QueryEngineParts {
  telemetry: Telemetry
  rollups?: RollupProgress
  askHead?: QueryEngine['askHead']
}

/** What answers queries of this process. */
export function createQueryEngine({ telemetry, rollups = NO_ROLLUPS, askHead }: QueryEngineParts): QueryEngine {
  const directory = new SeriesDirectory(telemetry, Date.now)
  return { telemetry, directory, rollups, ...(askHead && { askHead }) }
}
