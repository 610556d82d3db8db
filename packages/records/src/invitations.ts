import type { InvitationDto, Role } from '@nines/contracts'
import { hashToken, newId, newToken, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { Invitation, PrismaClient } from './generated/client.ts'
import { instantOf, instantOrNull } from './instants.ts'
import { insertUser } from './users.ts'

const VALID_FOR_MS = 7 * 24 * 3_600_000

/** Invitations of a workspace that are still open, newest first. */
export async function listOpenInvitations(db: Database, workspaceId: string): Promise<InvitationDto[]> {
  const rows = await db.invitation.findMany({
    where: { workspaceId, acceptedAt: null, expiresAt: { gt: new Date() } },
    orderBy: { id: 'desc' },
  })
  return rows.map(toInvitationDto)
}

/**
 * Invites an address, valid for 7 days; an older invitation of the same address ends. The token is returned here and
 * stored nowhere.
 */
export async function createInvitation(
  prisma: PrismaClient,
  workspaceId: string,
  input: { email: string; role: Role },
): Promise<{ invitation: InvitationDto; token: string }> {
  const email = input.email.toLowerCase()
  const token = newToken('ninv_')
  return prisma.$transaction(async (tx) => {
    if ((await tx.membership.count({ where: { workspaceId, user: { email } } })) > 0)
      throw new NinesError('conflict', 'this address belongs to a member already', {
        issues: [{ path: 'body/email', message: 'belongs to a member already' }],
      })
    await tx.invitation.deleteMany({ where: { workspaceId, email, acceptedAt: null } })
    const row = await tx.invitation.create({
      data: {
        id: newId('inv'),
        workspaceId,
        email,
        role: input.role,
        tokenHash: hashToken(token),
        expiresAt: new Date(Date.now() + VALID_FOR_MS),
      },
    })
    return { invitation: toInvitationDto(row), token }
  })
}

export interface OpenInvitation {
  id: string
  workspaceId: string
  workspaceName: string
  email: string
  role: Role
  /** Set when the address already signs in to this installation. */
  existingUserId: string | null
}

/** What a token invites to. An unknown token is `not_found`; a used or expired one `gone`. */
export async function findInvitation(db: Database, token: string): Promise<OpenInvitation> {
  const row = await db.invitation.findUnique({ where: { tokenHash: hashToken(token) }, include: { workspace: true } })
  if (row === null) throw new NinesError('not_found', 'there is no such invitation')
  if (row.acceptedAt !== null) throw new NinesError('gone', 'this invitation was accepted already')
  if (row.expiresAt.getTime() <= Date.now()) throw new NinesError('gone', 'this invitation has expired')
  const user = await db.user.findFirst({
    where: { email: row.email, accounts: { some: {} } },
    select: { id: true },
  })
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    workspaceName: row.workspace.name,
    email: row.email,
    role: row.role,
    existingUserId: user?.id ?? null,
  }
}

/**
 * Makes the invited person a member, creating the user unless the address has one; the caller has checked that one's
 * password. Of several requests with one token exactly one succeeds.
 */
export async function acceptInvitation(
  prisma: PrismaClient,
  token: string,
  user: { name: string; passwordHash: string },
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select id from "Invitation" where "tokenHash" = ${hashToken(token)} for update`
    const invitation = await findInvitation(tx, token)
    const userId = invitation.existingUserId ?? (await insertUser(tx, { ...user, email: invitation.email }))
    await tx.membership.upsert({
      where: { workspaceId_userId: { workspaceId: invitation.workspaceId, userId } },
      create: { id: newId('mem'), workspaceId: invitation.workspaceId, userId, role: invitation.role },
      update: {},
    })
    await tx.invitation.update({ where: { id: invitation.id }, data: { acceptedAt: new Date() } })
  })
}

function toInvitationDto(row: Invitation): InvitationDto {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    expiresAt: instantOf(row.expiresAt),
    acceptedAt: instantOrNull(row.acceptedAt),
  }
}
