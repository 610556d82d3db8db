import { isDeepStrictEqual } from 'node:util'
import { budgetPolicyChangeDto, type BudgetPolicyChangeDto } from '@nines/contracts'
import type { Actor } from '@nines/incidents'
import { newId } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Prisma } from './generated/client.ts'
import { instantOf } from './instants.ts'

const SHOWN = 200

interface NewBudgetChange {
  workspaceId: string
  policyId: string
  kind: BudgetPolicyChangeDto['kind']
  sloId?: string
  fields: { field: string; before: unknown; after: unknown }[]
}

/** Keeps on record who changed what of a policy. `at` epoch ms. */
export async function noteBudgetChange(tx: Database, change: NewBudgetChange, actor: Actor, at: number): Promise<void> {
  const { fields, ...rest } = change
  await tx.budgetPolicyChange.create({
    data: {
      id: newId('bpc'),
      ...rest,
      fields: fields as Prisma.InputJsonArray,
      at: new Date(at),
      byId: actor.id,
      byName: actor.name ?? 'unnamed',
    },
  })
}

/** The fields whose values differ. */
export function changedFields(before: Record<string, unknown>, after: Record<string, unknown>) {
  return Object.keys(after)
    .filter((field) => !isDeepStrictEqual(before[field], after[field]))
    .map((field) => ({ field, before: before[field] ?? null, after: after[field] }))
}

/** Changes of a policy, newest first. */
export async function listBudgetPolicyChanges(db: Database, policyId: string): Promise<BudgetPolicyChangeDto[]> {
  const rows = await db.budgetPolicyChange.findMany({
    where: { policyId },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: SHOWN,
  })
  const sloIds = [...new Set(rows.flatMap((row) => row.sloId ?? []))]
  const slos = await db.slo.findMany({ where: { id: { in: sloIds } }, select: { id: true, name: true } })
  const byId = new Map(slos.map((slo) => [slo.id, slo]))
  const { kind, fields } = budgetPolicyChangeDto.shape
  return rows.map((row) => ({
    id: row.id,
    kind: kind.parse(row.kind),
    at: instantOf(row.at),
    by: row.byName,
    slo: row.sloId === null ? null : (byId.get(row.sloId) ?? null),
    fields: fields.parse(row.fields),
  }))
}
