import { listDeadLetters as route } from '@nines/contracts'
import { countRows } from '@nines/wire'
import { handle } from '../../http/handle.ts'
import { ownDeadLetters, publicId } from './own-dead-letters.ts'

export const listDeadLetters = handle(route, async ({ workspace }, { deadLetters }) => {
  const own = await ownDeadLetters(deadLetters, workspace.number)
  const items = own.map(({ letter, block }) => ({
    id: publicId(letter),
    at: new Date(Number(letter.id.split('-', 1)[0])).toISOString(),
    receivedAt: new Date(block.receivedAt).toISOString(),
    reason: letter.reason,
    rows: countRows(block),
    size: letter.bytes.length,
  }))
  return { items, nextCursor: null }
})
