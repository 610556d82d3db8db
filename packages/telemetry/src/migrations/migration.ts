import type { Telemetry } from '../telemetry.ts'
import type { Topology } from './topology.ts'

/** A statement, or work that needs to look at the database first. */
export type Step = string | ((telemetry: Telemetry) => Promise<void>)

/**
 * One version of the telemetry schema. Steps must be idempotent (IF NOT EXISTS, ADD COLUMN IF NOT EXISTS): ClickHouse
 * has no transactions over them, several processes may run them at once, and a version that broke off is run again whole.
 */
export interface Migration {
  version: number
  name: string
  steps: (topology: Topology) => readonly Step[]
}
