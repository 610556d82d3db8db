import type { Telemetry } from '../telemetry.ts'
import type { Step } from './migration.ts'

/**
 * Gives a table of an older version, told by the column that it lacks, another name, so that the new one can take its
 * place. Safe from several processes: the other name is taken only once and never given back (the empty table stays), so
 * whoever comes late is refused.
 */
export function setTableAside({ table, lacks, suffix }: { table: string; lacks: string; suffix: string }): Step {
  return async (telemetry) => {
    if (!(await isOld(telemetry, table, lacks))) return
    try {
      await telemetry.command(`RENAME TABLE ${table} TO ${table}${suffix}`)
    } catch (error) {
      if (await isOld(telemetry, table, lacks)) throw error
    }
  }
}

async function isOld(telemetry: Telemetry, table: string, lacks: string): Promise<boolean> {
  const rows = await telemetry.rows<{ old: number }>(
    `SELECT countIf(name = {lacks:String}) = 0 AS old FROM system.columns
     WHERE database = currentDatabase() AND table = {table:String} HAVING count() > 0`,
    { table, lacks },
  )
  return rows[0]?.old === 1
}
