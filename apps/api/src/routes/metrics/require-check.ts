import { NinesError } from '@nines/kernel'
import { getCheck } from '@nines/records'
import type { ApiContext } from '../../context.ts'

/** The check of an SLI. Refuses an SLI over a check that the workspace does not have. `path` is where the SLI stood in the request. */
export async function requireCheck(
  { prisma }: ApiContext,
  workspaceId: string,
  checkId: string,
  path: string,
): ReturnType<typeof getCheck> {
  return getCheck(prisma, workspaceId, checkId).catch((error: unknown) => {
    if (!(error instanceof NinesError) || error.code !== 'not_found') throw error
    throw new NinesError('invalid', error.message, { issues: [{ path: `${path}/checkId`, message: error.message }] })
  })
}
