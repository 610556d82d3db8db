import { getBudgetPolicy as route } from '@nines/contracts'
import { handle } from '../../http/handle.ts'
import { policyDetail } from './policy-dto.ts'

export const getBudgetPolicy = handle(route, ({ workspace, params }, context) =>
  policyDetail(context, workspace.id, params.id),
)
