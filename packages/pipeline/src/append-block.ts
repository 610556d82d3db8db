import { createHash } from 'node:crypto'
import { messageOf, NinesError } from '@nines/kernel'
import { askRedis, type BlockStreamRedis } from './block-stream-connection.ts'
import { streamFull } from './block-stream-fill.ts'
import type { ShardKeys } from './block-stream-keys.ts'
import { APPEND } from './block-stream-scripts.ts'
import { PartsCommand } from './parts-command.ts'

const APPEND_SHA = createHash('sha1').update(APPEND).digest('hex')

/**
 * Runs the script that appends a block, given as parts, made of these requests. Answers the block's id or the places of
 * requests whose rows are there already. Throws NinesError 'unavailable' when the shard's memory is used up.
 */
export async function appendBlock(
  redis: BlockStreamRedis,
  keys: ShardKeys,
  block: readonly Buffer[],
  { maxBytes, requests = [] }: { maxBytes: number; requests?: readonly Buffer[] | undefined },
): Promise<{ id: string; repeated: readonly number[] }> {
  const names = [keys.blocks, keys.sizes, keys.bytes, keys.requests]
  const run = (command: string, script: string) =>
    redis.sendCommand(
      new PartsCommand(command, [script, String(names.length), ...names], block, [String(maxBytes), ...requests]),
    ) as Promise<string[]>
  const [outcome, ...details] = await askRedis('appending a block', knownOrNew(run))
  if (outcome === 'repeated') return { id: '', repeated: details.map(Number) }
  const [detail = ''] = details
  if (outcome === 'ok') return { id: detail, repeated: [] }
  throw new NinesError('unavailable', streamFull(detail, maxBytes), { retryAfterSeconds: 5 })
}

/** By the script's hash, and where Redis does not know it, which it then has not run, by its text. */
async function knownOrNew(run: (command: string, script: string) => Promise<string[]>): Promise<string[]> {
  try {
    return await run('evalsha', APPEND_SHA)
  } catch (error) {
    if (!messageOf(error).startsWith('NOSCRIPT')) throw error
    return run('eval', APPEND)
  }
}
