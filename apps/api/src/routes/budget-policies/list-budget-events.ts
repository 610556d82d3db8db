import { listBudgetEvents as route } from '@nines/contracts'
import { listBudgetEvents as list } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listBudgetEvents = handle(route, ({ workspace, query }, { prisma }) => list(prisma, workspace.id, query))
