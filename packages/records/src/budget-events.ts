import { budgetEventDto, budgetNoticeDto, sloWindow, type BudgetEventDto } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { Database } from './client.ts'
import type { BudgetEvent, MessageState } from './generated/client.ts'
import { instantOf } from './instants.ts'

export interface BudgetEventFilter {
  sloId?: string | undefined
  policyId?: string | undefined
  limit: number
  /** Id of the last event of the page before. */
  cursor?: string | undefined
}

const storedNotices = budgetNoticeDto.pick({ action: true, channelName: true, messageId: true, problem: true }).array()

/** Thresholds that were crossed and cleared, newest first, each with what became of its messages. */
export async function listBudgetEvents(
  db: Database,
  workspaceId: string,
  { sloId, policyId, limit, cursor }: BudgetEventFilter,
): Promise<{ items: BudgetEventDto[]; nextCursor: string | null }> {
  const rows = await db.budgetEvent.findMany({
    where: { workspaceId, sloId, policyId },
    include: { slo: { select: { id: true, name: true } } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit + 1,
    ...(cursor !== undefined && { cursor: { id: await ownCursor(db, workspaceId, cursor) }, skip: 1 }),
  })
  const shown = rows.slice(0, limit)
  const ids = shown.flatMap((row) => storedNotices.parse(row.notices).flatMap(({ messageId }) => messageId ?? []))
  const messages = await db.outboxMessage.findMany({
    where: { workspaceId, id: { in: ids } },
    select: { id: true, state: true },
  })
  const states = new Map(messages.map(({ id, state }) => [id, state]))
  const items = shown.map((row) => toDto(row, row.slo, states))
  return { items, nextCursor: rows.length > limit ? (shown.at(-1)?.id ?? null) : null }
}

/** The cursor where it is an event of this workspace; a foreign one is refused like one that does not exist. */
async function ownCursor(db: Database, workspaceId: string, cursor: string): Promise<string> {
  if ((await db.budgetEvent.count({ where: { id: cursor, workspaceId } })) > 0) return cursor
  const message = 'there is no such budget event'
  throw new NinesError('invalid', `query/cursor: ${message}`, { issues: [{ path: 'query/cursor', message }] })
}

function toDto(
  row: BudgetEvent,
  slo: { id: string; name: string },
  states: ReadonlyMap<string, MessageState>,
): BudgetEventDto {
  const { kind, cause } = budgetEventDto.shape
  return {
    id: row.id,
    kind: kind.parse(row.kind),
    cause: cause.parse(row.cause),
    slo: { ...slo, version: row.sloVersion },
    policy: { id: row.policyId, name: row.policyName },
    objective: { index: row.objective, target: row.target, window: sloWindow.parse(row.window) },
    budgetLeftBelow: row.budgetLeftBelow,
    budgetRemaining: row.budgetRemaining,
    at: instantOf(row.at),
    recordedAt: instantOf(row.recordedAt),
    freezes: row.freezes,
    note: row.note,
    notices: storedNotices.parse(row.notices).map((notice) => ({
      ...notice,
      // A channel that could not be used was told nothing.
      state: notice.messageId === null ? 'failed' : (states.get(notice.messageId) ?? 'failed'),
    })),
  }
}
