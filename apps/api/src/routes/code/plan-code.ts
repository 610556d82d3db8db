import { planCode as route } from '@nines/contracts'
import { handle } from '../../http/handle.ts'
import { planFiles } from './plan-files.ts'

export const planCode = handle(route, async ({ workspace, body }, context) => {
  const { answer } = await planFiles(context, workspace, body)
  return answer
})
