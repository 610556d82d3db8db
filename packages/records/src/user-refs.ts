import type { Database } from './client.ts'

export interface UserRef {
  id: string
  name: string
  email: string
}

export const userRefSelect = { id: true, name: true, email: true } as const

/** The named users by id. Somebody whose account is gone is simply absent. */
export async function loadUserRefs(db: Database, ids: (string | null)[]): Promise<Map<string, UserRef>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  const rows = await db.user.findMany({ where: { id: { in: wanted } }, select: userRefSelect })
  return new Map(rows.map((row) => [row.id, row]))
}

/** A user to show for an id, also when the account is gone. */
export function userRefOf(users: Map<string, UserRef>, id: string): UserRef {
  return users.get(id) ?? { id, name: 'former member', email: '' }
}
