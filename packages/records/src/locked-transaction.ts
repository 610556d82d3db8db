import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { PrismaClient } from './generated/client.ts'

const ATTEMPTS = 4

/**
 * Runs a transaction that takes row locks. Rows are always locked in the order rule, alert, workspace, incident,
 * escalation, message; where two transactions meet all the same, PostgreSQL ends one and it runs again.
 */
export async function lockedTransaction<T>(prisma: PrismaClient, work: (tx: Database) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await prisma.$transaction(work, { maxWait: 15_000, timeout: 20_000 })
    } catch (error) {
      if (attempt === ATTEMPTS || !isConflict(error)) throw error
      await sleep(attempt * 20 * (1 + Math.random()))
    }
  }
}

/** Deadlock, serialization failure, or a row that somebody else inserted first. */
function isConflict(error: unknown): boolean {
  if (error instanceof NinesError) return false
  const code = (error as { code?: unknown }).code
  return code === 'P2034' || code === 'P2002' || /deadlock detected|could not serialize/.test(messageOf(error))
}

/** The database's clock in epoch ms, right now and not at the beginning of the transaction: call it after locking. */
export async function databaseNow(tx: Database): Promise<number> {
  const rows = await tx.$queryRaw<{ now: Date }[]>`select clock_timestamp() as now`
  const now = rows[0]?.now
  if (!now) throw new NinesError('internal', 'the database told no time')
  return now.getTime()
}

export function dateOrNull(at: number | null): Date | null {
  return at === null ? null : new Date(at)
}

export function msOrNull(at: Date | null): number | null {
  return at === null ? null : at.getTime()
}
