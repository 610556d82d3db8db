import type { Redis } from 'ioredis'

/** Where the resident head of a shard answers. */
export interface HeadAddress {
  /** Base URL of the process. */
  url: string
  /** The owner of the shard's lease, so that a successor's announcement is never taken back. */
  owner: string
}

const keyOf = (prefix: string, shard: number) => `${prefix}:head:${shard}`

/** Makes the head known for `ttlMs`; to be repeated while it can answer. */
export async function announceHead(
  redis: Redis,
  prefix: string,
  shard: number,
  address: HeadAddress,
  ttlMs: number,
): Promise<void> {
  await redis.set(keyOf(prefix, shard), JSON.stringify(address), 'PX', ttlMs)
}

/** Takes back the owner's announcement, if it is still there. */
export async function withdrawHead(redis: Redis, prefix: string, shard: number, owner: string): Promise<void> {
  const known = await findHead(redis, prefix, shard)
  // Between the two a successor may announce itself; it does so again within seconds.
  if (known?.owner === owner) await redis.del(keyOf(prefix, shard))
}

/** The head of a shard, null while there is none that can answer. */
export async function findHead(redis: Redis, prefix: string, shard: number): Promise<HeadAddress | null> {
  const text = await redis.get(keyOf(prefix, shard))
  return text === null ? null : (JSON.parse(text) as HeadAddress)
}
