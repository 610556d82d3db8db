import { isComposite, measuredOf, type SliSpec } from '@nines/contracts'
import { newId } from '@nines/kernel'
import { NO_CADENCE, type CadenceStep, type CheckCadence } from '@nines/slo'
import type { Database } from './client.ts'
import { databaseNow } from './locked-transaction.ts'

/** How often an availability SLI's check ran over time; NO_CADENCE of every other SLI. */
export type CadenceOf = (sli: SliSpec) => CheckCadence

const inOrder = { orderBy: [{ heldFrom: 'asc' as const }, { id: 'asc' as const }] }

/** Of any SLI of a workspace; as it was known at the instant (epoch ms), where one is given. */
export async function checkCadences(db: Database, workspaceId: string, asOf?: number): Promise<CadenceOf> {
  const rows = await db.checkInterval.findMany({ where: { workspaceId }, ...inOrder })
  const cadences = cadencesByCheck(rows)
  return (sli) => {
    const cadence = cadenceOf(sli, (checkId) => cadences.get(checkId))
    // The time before the first step is like it, so that it is known from the beginning.
    return asOf === undefined ? cadence : cadence.filter(({ from }, i) => i === 0 || from <= asOf)
  }
}

/** Of any SLI of any workspace. */
export async function loadCheckCadences(
  db: Database,
): Promise<(slo: { workspaceId: string; sli: SliSpec }) => CheckCadence> {
  const rows = await db.checkInterval.findMany(inOrder)
  const byWorkspace = new Map(
    Array.from(
      Map.groupBy(rows, (row) => row.workspaceId),
      ([workspaceId, those]) => [workspaceId, cadencesByCheck(those)],
    ),
  )
  return ({ workspaceId, sli }) => cadenceOf(sli, (checkId) => byWorkspace.get(workspaceId)?.get(checkId))
}

/** Of one check, by its id. */
export async function checkCadence(db: Database, workspaceId: string, checkId: string): Promise<CheckCadence> {
  const rows = await db.checkInterval.findMany({ where: { workspaceId, checkId }, ...inOrder })
  return rows.map(toStep)
}

/**
 * Keeps how often a check runs from now on (null: not at all), where that is not what was kept last. To be called within the
 * transaction that changes the check, after it: so changes of one check come one after the other.
 */
export async function noteCheckInterval(
  tx: Database,
  { workspaceId, checkId }: { workspaceId: string; checkId: string },
  intervalSeconds: number | null,
): Promise<void> {
  const newest = await tx.checkInterval.findFirst({
    where: { workspaceId, checkId },
    orderBy: [{ heldFrom: 'desc' }, { id: 'desc' }],
  })
  if (newest?.intervalSeconds === intervalSeconds) return
  const heldFrom = new Date(await databaseNow(tx))
  await tx.checkInterval.create({ data: { id: newId('chi'), workspaceId, checkId, heldFrom, intervalSeconds } })
}

interface IntervalRow {
  checkId: string
  heldFrom: Date
  intervalSeconds: number | null
}

function cadencesByCheck(rows: readonly IntervalRow[]): Map<string, CheckCadence> {
  const byCheck = Map.groupBy(rows, (row) => row.checkId)
  return new Map(Array.from(byCheck, ([checkId, those]) => [checkId, those.map(toStep)]))
}

function cadenceOf(sli: SliSpec, find: (checkId: string) => CheckCadence | undefined): CheckCadence {
  const measured = isComposite(sli) ? null : measuredOf(sli)
  return (measured?.kind === 'availability' ? find(measured.checkId) : undefined) ?? NO_CADENCE
}

function toStep({ heldFrom, intervalSeconds }: IntervalRow): CadenceStep {
  return { from: heldFrom.getTime(), intervalSeconds }
}
