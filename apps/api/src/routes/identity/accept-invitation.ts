import { acceptInvitation as route } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { acceptInvitation as join, findInvitation, verifyUserPassword } from '@nines/records'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import { signIn } from '../../auth/mount-auth.ts'
import { handlePublic, OK } from '../../http/handle.ts'

/** Somebody whose address signs in here already joins with the password they have; a token alone is no way into it. */
export const acceptInvitation = handlePublic(route, async ({ body, request, reply }, { prisma, auth }) => {
  const { token, name, password } = body
  const { email, existingUserId } = await findInvitation(prisma, token)
  if (existingUserId !== null && !(await verifyUserPassword(prisma, existingUserId, password, verifyPassword))) {
    const message = 'this address has an account here already: enter its password'
    throw new NinesError('invalid', message, { issues: [{ path: 'body/password', message }] })
  }
  await join(prisma, token, { name, passwordHash: await hashPassword(password) })
  await signIn(auth, request, reply, { email, password })
  return OK
})
