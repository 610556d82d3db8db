import { NinesError } from '@nines/kernel'
import { askRedis, connectBlockStream, type BlockStreamRedis } from './block-stream-connection.ts'
import { shardKeys, type ShardKeys } from './block-stream-keys.ts'

/** A block that cannot be stored. */
export interface DeadLetter {
  shard: number
  /** Id of its entry in the stream; the same block may be listed twice after a crash. */
  entryId: string
  reason: string
  /** The block as it stood in the stream. */
  bytes: Buffer
}

export interface BuriedLetter extends DeadLetter {
  /** `<ms>-<sequence>`: when it was set aside. */
  id: string
}

/** Blocks set aside so that the rest can go on. */
export interface DeadLetters {
  /** Resolves when the letter is kept. The oldest letters leave beyond the limits. */
  add(letter: DeadLetter): Promise<void>
  /** Newest first, of all shards. */
  list(limit?: number): Promise<BuriedLetter[]>
  /** Puts the block back at the end of the stream and drops the letter, in one step. False when there is no such letter. */
  replay(shard: number, id: string): Promise<boolean>
  /** Drops the letter for good. False when there is no such letter. */
  discard(shard: number, id: string): Promise<boolean>
  close(): void
}

export interface DeadLettersOptions {
  redisUrl: string
  prefix: string
  shards?: number
  /** Limits of one shard (default 10,000 letters, 64 MiB), so that a broken sender cannot fill Redis. */
  maxLetters?: number
  maxBytes?: number
}

const LIMITS = { maxLetters: 10_000, maxBytes: 64 * 1024 * 1024 }
const LISTED = 100

export function createDeadLetters(options: DeadLettersOptions): DeadLetters {
  const { redisUrl, prefix, shards = 1, maxLetters, maxBytes } = { ...LIMITS, ...options }
  const redis = connectBlockStream(redisUrl)
  const keysOf = (shard: number): ShardKeys => {
    if (shard < 0 || shard >= shards)
      throw new NinesError('not_found', `shard ${shard} does not exist, there are ${shards}`)
    return shardKeys(prefix, shard)
  }
  return {
    async add({ shard, entryId, reason, bytes }) {
      const { deadLetters } = keysOf(shard)
      const fields = ['e', entryId, 'r', reason, 'b', bytes]
      await askRedis('keeping a dead letter', redis.xadd(deadLetters, 'MAXLEN', '~', maxLetters, '*', ...fields))
      await trimToBytes(redis, deadLetters, maxBytes)
    },
    async list(limit = LISTED) {
      const found: BuriedLetter[] = []
      for (let shard = 0; shard < shards; shard++) {
        const command = redis.xrevrangeBuffer(keysOf(shard).deadLetters, '+', '-', 'COUNT', limit)
        for (const [id, fields] of await askRedis('reading dead letters', command))
          found.push({ id: id.toString('latin1'), shard, ...lettersFields(fields) })
      }
      return found.sort((a, b) => timeOf(b) - timeOf(a)).slice(0, limit)
    },
    async replay(shard, id) {
      const { deadLetters, blocks, sizes, bytes } = keysOf(shard)
      const command = redis.nReplay(deadLetters, blocks, sizes, bytes, id)
      return (await askRedis('replaying a dead letter', command)) === 1
    },
    async discard(shard, id) {
      return (await askRedis('discarding a dead letter', redis.xdel(keysOf(shard).deadLetters, id))) === 1
    },
    close: () => redis.disconnect(),
  }
}

async function trimToBytes(redis: BlockStreamRedis, key: string, maxBytes: number): Promise<void> {
  for (;;) {
    const used = await askRedis('measuring dead letters', redis.memory('USAGE', key, 'SAMPLES', 0))
    const count = await askRedis('counting dead letters', redis.xlen(key))
    if ((used ?? 0) <= maxBytes || count <= 1) return
    await askRedis('dropping the oldest dead letter', redis.xtrim(key, 'MAXLEN', count - 1))
  }
}

function lettersFields(fields: Buffer[]): Pick<DeadLetter, 'entryId' | 'reason' | 'bytes'> {
  return { entryId: String(fields[1]), reason: String(fields[3]), bytes: fields[5] ?? Buffer.alloc(0) }
}

function timeOf({ id }: BuriedLetter): number {
  return Number(id.split('-', 1)[0])
}
