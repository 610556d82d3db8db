import { hash } from 'node:crypto'

/**
 * Who owns a key among members: the one whose hash with the key is highest (rendezvous hashing). Every process that sees
 * the same members names the same owner, and a member that comes or goes moves only its own share. null without members.
 */
export function ownerOf(key: string, members: readonly string[]): string | null {
  if (members.length === 1) return members[0] ?? null
  let owner: string | null = null
  let highest = ''
  for (const member of members) {
    const weight = hash('sha256', `${member}\n${key}`)
    if (owner === null || weight > highest) [owner, highest] = [member, weight]
  }
  return owner
}
