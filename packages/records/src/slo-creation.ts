import type { AlertCondition, Objective, Severity, SliSpec, SloWindow } from '@nines/contracts'
import { newId } from '@nines/kernel'
import type { Database } from './client.ts'

export interface NewSlo {
  serviceId: string
  slug: string
  name: string
  description: string
  sli: SliSpec
  target: number
  window: SloWindow
  furtherObjectives: Objective[]
  createdById: string | null
  rules: { name: string; severity: Severity; enabled?: boolean; condition: AlertCondition }[]
}

/** Writes an SLO with its first version and rules; returns its id. Call it inside a transaction. */
export async function insertSlo(db: Database, workspaceId: string, input: NewSlo): Promise<string> {
  const id = newId('slo')
  await db.slo.create({
    data: {
      id,
      workspaceId,
      serviceId: input.serviceId,
      slug: input.slug,
      name: input.name,
      description: input.description,
      versions: {
        create: {
          id: newId('slv'),
          version: 1,
          sli: input.sli,
          target: input.target,
          window: input.window,
          furtherObjectives: input.furtherObjectives,
          createdById: input.createdById,
        },
      },
      rules: { create: input.rules.map((rule) => ({ id: newId('rule'), workspaceId, ...rule })) },
    },
  })
  return id
}
