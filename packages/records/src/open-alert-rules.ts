import type { Database } from './client.ts'

/** Ids of the rules of all workspaces that have an alert which is not resolved. */
export async function openAlertRules(db: Database): Promise<ReadonlySet<string>> {
  const rows = await db.$queryRaw<{ openKey: string }[]>`select "openKey" from "Alert" where "openKey" is not null`
  return new Set(rows.map(({ openKey }) => openKey))
}
