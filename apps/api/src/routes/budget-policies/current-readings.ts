import type { BudgetReading, SloStatus } from '@nines/contracts'
import { readStatusesOf } from '@nines/pipeline'
import { budgetReadingOf, STALE_STATUS_MS } from '@nines/slo'
import type { ApiContext } from '../../context.ts'

/** What is left of an SLO's budgets by its newest status; null where there is none of that version, or only an old one. */
export function readingOfStatus(status: SloStatus | undefined, version: number, now: number): BudgetReading | null {
  if (!status || status.version !== version || now - status.at > STALE_STATUS_MS) return null
  return budgetReadingOf(status)
}

/** Gives for each of these SLOs of the workspace what is left of its budgets now (epoch ms). */
export async function currentReadings(
  { redis, redisPrefix }: ApiContext,
  workspaceId: string,
  sloIds: readonly string[],
  now: number,
): Promise<(slo: { id: string; version: number }) => BudgetReading | null> {
  const board = await readStatusesOf(redis, redisPrefix, workspaceId, sloIds)
  return ({ id, version }) => readingOfStatus(board.get(id), version, now)
}
