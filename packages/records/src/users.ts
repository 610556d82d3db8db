import type { Me, Role } from '@nines/contracts'
import { newId } from '@nines/kernel'
import type { Database } from './client.ts'

export interface NewUser {
  name: string
  email: string
  /** As better-auth's hashPassword makes it. */
  passwordHash: string
}

/**
 * Writes a user who signs in with e-mail and password, in the shape of better-auth's tables; returns the id. Somebody who
 * is known by the address but cannot sign in yet (as the people of a demonstration) gets a password.
 */
export async function insertUser(tx: Database, user: NewUser): Promise<string> {
  const email = user.email.toLowerCase()
  const known = await tx.user.findFirst({ where: { email, accounts: { none: {} } } })
  const id = known?.id ?? newId('usr')
  if (known === null) await tx.user.create({ data: { id, name: user.name, email } })
  const password = user.passwordHash
  await tx.account.create({
    data: { id: `${id}_credential`, userId: id, accountId: id, providerId: 'credential', password },
  })
  return id
}

/** The workspaces a user belongs to, oldest first, with the user's role in each. */
export async function workspacesOf(db: Database, userId: string): Promise<Me['workspaces']> {
  const rows = await db.membership.findMany({
    where: { userId },
    include: { workspace: true },
    orderBy: { workspace: { number: 'asc' } },
  })
  return rows.map(({ workspace, role }) => ({ id: workspace.id, slug: workspace.slug, name: workspace.name, role }))
}

export async function workspaceSlugOf(db: Database, workspaceId: string): Promise<string> {
  const { slug } = await db.workspace.findUniqueOrThrow({ where: { id: workspaceId }, select: { slug: true } })
  return slug
}

export interface FoundMembership {
  workspace: { id: string; number: number; slug: string }
  role: Role
}

/** A user's membership in the workspace of that slug, or without one in their oldest; null when there is none. */
export async function findMembership(db: Database, userId: string, slug?: string): Promise<FoundMembership | null> {
  const row = await db.membership.findFirst({
    where: { userId, ...(slug !== undefined && { workspace: { slug } }) },
    include: { workspace: { select: { id: true, number: true, slug: true } } },
    orderBy: { workspace: { number: 'asc' } },
  })
  return row === null ? null : { workspace: row.workspace, role: row.role }
}

/** Whether this is the user's password, by better-auth's verifyPassword; false for somebody without one. */
export async function verifyUserPassword(
  db: Database,
  userId: string,
  password: string,
  verify: (input: { hash: string; password: string }) => Promise<boolean>,
): Promise<boolean> {
  const account = await db.account.findFirst({ where: { userId, providerId: 'credential' } })
  return typeof account?.password === 'string' && verify({ hash: account.password, password })
}
