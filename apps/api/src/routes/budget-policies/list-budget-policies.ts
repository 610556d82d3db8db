import { listBudgetPolicies as route } from '@nines/contracts'
import { listBudgetPolicies as list } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { currentReadings } from './current-readings.ts'
import { followersOf, toPolicyDto } from './policy-dto.ts'

export const listBudgetPolicies = handle(route, async ({ workspace }, context) => {
  const policies = await list(context.prisma, workspace.id)
  const readNow = await currentReadings(context, workspace.id, followersOf(policies), Date.now())
  return { items: policies.map((policy) => toPolicyDto(policy, readNow)), nextCursor: null }
})
