import { getSetupState as route } from '@nines/contracts'
import { isSetupNeeded } from '@nines/records'
import { handlePublic } from '../../http/handle.ts'

export const getSetupState = handlePublic(route, async (_input, { prisma }) => ({
  needed: await isSetupNeeded(prisma),
}))
