import { listChanges as route } from '@nines/contracts'
import { listChanges as find } from '@nines/records'
import { handle } from '../../http/handle.ts'

export const listChanges = handle(route, ({ workspace, query }, { prisma }) => {
  const { from, to, ...filter } = query
  return find(prisma, workspace.id, {
    ...filter,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  })
})
