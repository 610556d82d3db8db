import { getSloBudgetPolicy as route } from '@nines/contracts'
import { getSlo } from '@nines/records'
import { handle } from '../../http/handle.ts'
import { sloPolicyDto } from './slo-policy-dto.ts'

export const getSloBudgetPolicy = handle(route, async ({ workspace, params }, context) =>
  sloPolicyDto(context, workspace.id, await getSlo(context.prisma, workspace.id, params.id)),
)
