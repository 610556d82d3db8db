import type { GateExceptionDto } from '@nines/contracts'
import { newId, NinesError, signToken, verifyToken } from '@nines/kernel'
import type { Database } from './client.ts'
import type { GateException } from './generated/client.ts'
import { instantOf } from './instants.ts'

export interface GateExceptionInput {
  sloId: string
  reason: string
  expiresAt: Date
  /** null when an API key made it. */
  createdById: string | null
  createdByName: string
}

const PURPOSE = 'gate exception'
const SHOWN = 200

/** Everything that makes an exception what it is, in a fixed order. Its end by hand is no part of it. */
function contentOf(row: Omit<GateException, 'signature' | 'revokedAt' | 'revokedByName'>): object {
  const { id, workspaceId, sloId, reason, createdById, createdByName, createdAt, expiresAt } = row
  const instants = [createdAt.getTime(), expiresAt.getTime()]
  return [id, workspaceId, sloId, reason, createdById, createdByName, ...instants]
}

/** Makes an exception from now on and signs it with the installation's key. */
export async function createGateException(
  db: Database,
  workspaceId: string,
  input: GateExceptionInput,
  { now, secretKey }: { now: Date; secretKey: string },
): Promise<GateExceptionDto> {
  const unsigned = { id: newId('gex'), workspaceId, ...input, createdAt: now }
  const signature = signToken(PURPOSE, contentOf(unsigned), secretKey)
  return toDto(await db.gateException.create({ data: { ...unsigned, signature } }), now)
}

/** Those of an SLO, newest first. One whose signature does not hold, written past the API, is never active. */
export async function listGateExceptions(
  db: Database,
  workspaceId: string,
  sloId: string,
  { now, secretKey }: { now: Date; secretKey: string },
): Promise<GateExceptionDto[]> {
  const rows = await db.gateException.findMany({
    where: { workspaceId, sloId },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: SHOWN,
  })
  return rows.map((row) => {
    const dto = toDto(row, now)
    return { ...dto, active: dto.active && isSigned(row, secretKey) }
  })
}

/** Ends an exception now. One that is over already stays as it was. */
export async function revokeGateException(
  db: Database,
  workspaceId: string,
  id: string,
  { now, byName }: { now: Date; byName: string },
): Promise<void> {
  const row = await db.gateException.findFirst({ where: { id, workspaceId } })
  if (row === null) throw new NinesError('not_found', 'there is no such exception')
  await db.gateException.updateMany({
    where: { id, workspaceId, revokedAt: null, expiresAt: { gt: now } },
    data: { revokedAt: now, revokedByName: byName },
  })
}

function isSigned(row: GateException, secretKey: string): boolean {
  const signed = verifyToken(PURPOSE, row.signature, secretKey)
  return JSON.stringify(signed) === JSON.stringify(contentOf(row))
}

function toDto(row: GateException, now: Date): GateExceptionDto {
  return {
    id: row.id,
    sloId: row.sloId,
    reason: row.reason,
    createdAt: instantOf(row.createdAt),
    createdBy: row.createdByName,
    expiresAt: instantOf(row.expiresAt),
    revokedAt: row.revokedAt === null ? null : instantOf(row.revokedAt),
    revokedBy: row.revokedByName,
    active: row.revokedAt === null && row.createdAt <= now && now < row.expiresAt,
  }
}
