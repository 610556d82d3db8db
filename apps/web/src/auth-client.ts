import { createAuthClient } from 'better-auth/client'

const auth = createAuthClient({ basePath: '/api/auth' })

/** Signs in with email and password; the session is a cookie. Throws with a message fit to show. */
export async function signIn(email: string, password: string): Promise<void> {
  const { error } = await auth.signIn.email({ email, password })
  if (error === null) return
  if (error.status === 401) throw new Error('Email or password is wrong.')
  if (error.status === 429) throw new Error('Too many attempts. Wait a minute, then try again.')
  throw new Error(error.message ?? 'Signing in failed.')
}

export async function signOut(): Promise<void> {
  await auth.signOut()
}
