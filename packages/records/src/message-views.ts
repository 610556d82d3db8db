import type { MessageDto } from '@nines/contracts'
import { toDeliveryDto } from './alert-views.ts'
import { requireChannel } from './channels.ts'
import type { Database } from './client.ts'
import { instantOf } from './instants.ts'

const SHOWN = 100

/** The last 100 messages of a channel, newest first, each with every attempt. */
export async function listChannelMessages(db: Database, workspaceId: string, channelId: string): Promise<MessageDto[]> {
  const channel = await requireChannel(db, workspaceId, channelId)
  const rows = await db.outboxMessage.findMany({
    where: { workspaceId, channelId },
    include: { deliveries: { orderBy: { attempt: 'asc' } } },
    orderBy: { id: 'desc' },
    take: SHOWN,
  })
  return rows.map((row) => ({
    id: row.id,
    channelName: channel.name,
    eventType: row.eventType,
    state: row.state,
    createdAt: instantOf(row.createdAt),
    attempts: row.deliveries.map(toDeliveryDto),
  }))
}
