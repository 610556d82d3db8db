import type { BudgetPolicyDetail, BudgetPolicyDto, BudgetReading } from '@nines/contracts'
import { getBudgetPolicy, listBudgetPolicyChanges, type StoredBudgetPolicy } from '@nines/records'
import { budgetStanding } from '@nines/slo'
import type { ApiContext } from '../../context.ts'
import { currentReadings } from './current-readings.ts'

type ReadNow = (slo: { id: string; version: number }) => BudgetReading | null

/** A policy as the API tells it, with how each SLO that follows it stands. */
export function toPolicyDto({ followers, ...policy }: StoredBudgetPolicy, readNow: ReadNow): BudgetPolicyDto {
  return {
    ...policy,
    slos: followers.map((follower) => {
      const { id, name, serviceName, objective, machine, terms } = follower
      return { id, name, serviceName, objective, standing: budgetStanding(machine, terms, readNow(follower)) }
    }),
  }
}

/** Ids of the SLOs that follow any of the policies. */
export function followersOf(policies: readonly StoredBudgetPolicy[]): string[] {
  return policies.flatMap(({ followers }) => followers.map(({ id }) => id))
}

/** One policy with who changed what of it. */
export async function policyDetail(context: ApiContext, workspaceId: string, id: string): Promise<BudgetPolicyDetail> {
  const { prisma } = context
  const policy = await getBudgetPolicy(prisma, workspaceId, id)
  const changes = await listBudgetPolicyChanges(prisma, id)
  return {
    ...toPolicyDto(policy, await currentReadings(context, workspaceId, followersOf([policy]), Date.now())),
    changes,
  }
}
