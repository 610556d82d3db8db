import { completeSetup as route } from '@nines/contracts'
import { completeSetup as createFirstAdmin } from '@nines/records'
import { hashPassword } from 'better-auth/crypto'
import { signIn } from '../../auth/mount-auth.ts'
import { handlePublic, OK } from '../../http/handle.ts'

export const completeSetup = handlePublic(route, async ({ body, request, reply }, { prisma, auth }) => {
  const { token, name, email, password, workspaceName } = body
  const passwordHash = await hashPassword(password)
  await createFirstAdmin(prisma, { token, name, email, passwordHash, workspaceName })
  await signIn(auth, request, reply, { email, password })
  return OK
})
