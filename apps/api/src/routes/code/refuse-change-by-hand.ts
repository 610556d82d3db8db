import { NinesError } from '@nines/kernel'
import { findBoundFile, type BoundToCode } from '@nines/records'
import type { WorkspaceCaller } from '../../auth/caller.ts'
import type { ApiContext } from '../../context.ts'

/**
 * What comes from code is not edited in the dashboard: the next apply would undo it. Programs with a key may, since
 * other tools manage things too; that shows as drift.
 */
export async function refuseChangeByHand(
  { prisma }: ApiContext,
  caller: WorkspaceCaller,
  bound: BoundToCode,
): Promise<void> {
  if (caller.kind !== 'member') return
  const file = await findBoundFile(prisma, caller.workspace.id, bound)
  if (file === null) return
  throw new NinesError(
    'conflict',
    `this comes from ${file}: change it there and apply it, or release it from code first`,
  )
}
