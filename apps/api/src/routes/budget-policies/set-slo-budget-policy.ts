import { setSloBudgetPolicy as route } from '@nines/contracts'
import { getSlo, setSloBudgetPolicy as set } from '@nines/records'
import { actorOf } from '../../auth/caller.ts'
import { handle } from '../../http/handle.ts'
import { sloPolicyDto } from './slo-policy-dto.ts'

export const setSloBudgetPolicy = handle(route, async ({ workspace, caller, params, body }, context) => {
  const change = { actor: actorOf(caller), settings: context }
  const outcome = await set(context.prisma, workspace.id, params.id, body, change)
  await context.announce.config(workspace.id, 'slos')
  await context.announce.outcome(workspace.id, outcome)
  return sloPolicyDto(context, workspace.id, await getSlo(context.prisma, workspace.id, params.id))
})
