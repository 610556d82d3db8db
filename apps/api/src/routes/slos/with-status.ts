import type { SloDetail } from '@nines/contracts'
import { readSloStatus } from '@nines/pipeline'
import type { StoredSloDetail } from '@nines/records'
import type { ApiContext } from '../../context.ts'

/** Adds the newest status of the board; null before the first evaluation. */
export async function withStatus(
  { redis, redisPrefix }: ApiContext,
  workspaceId: string,
  slo: StoredSloDetail,
): Promise<SloDetail> {
  return { ...slo, status: await readSloStatus(redis, redisPrefix, workspaceId, slo.id) }
}
