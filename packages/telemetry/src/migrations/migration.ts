/**
 * One step of the telemetry schema. Statements must be idempotent (IF NOT EXISTS, ADD COLUMN IF NOT EXISTS): ClickHouse
 * has no transactions over them, several processes may run them at once, and a step that broke off is run again whole.
 */
export interface Migration {
  version: number
  name: string
  statements: readonly string[]
}
