/** Keys of one shard of the block stream. They share a hash tag, so one script may touch them all on a Redis cluster. */
export interface ShardKeys {
  /** The stream itself: one field `b`, an encoded block. */
  blocks: string
  /** A stream with the same ids that holds each block's length, to know sizes without reading blocks. */
  sizes: string
  /** Bytes of all blocks in the stream. */
  bytes: string
  /** Sorted set: id of a request whose rows are in the stream -> when they came, epoch ms. */
  requests: string
  /** Highest id that trimming has removed. */
  trimmed: string
  /** Name of the store that owns the shard; expires. */
  lease: string
  /** The range that is being inserted, as JSON; absent between records. */
  record: string
  /** Last id that is in ClickHouse for good. */
  position: string
  /** Id of the record that was completed last. */
  completed: string
  /** Id of the record whose derived block was appended last. */
  derived: string
  /** Hash: reader -> last id it has read, and when it said so. */
  readers: string
  /** Stream of blocks that cannot be stored. */
  deadLetters: string
  /** Hashes: start of a bucket whose sums are to be computed anew -> when it was marked. */
  fiveMinutes: string
  hours: string
  edges: string
  /** Set once these hashes name everything that is stored. */
  bookBegun: string
}

export function shardKeys(prefix: string, shard: number): ShardKeys {
  const base = `${prefix}:{blocks:${shard}}`
  return {
    blocks: base,
    sizes: `${base}:sizes`,
    bytes: `${base}:bytes`,
    requests: `${base}:requests`,
    trimmed: `${base}:trimmed`,
    lease: `${base}:lease`,
    record: `${base}:record`,
    position: `${base}:position`,
    completed: `${base}:completed`,
    derived: `${base}:derived`,
    readers: `${base}:readers`,
    deadLetters: `${base}:dead-letters`,
    fiveMinutes: `${base}:changed:5m`,
    hours: `${base}:changed:1h`,
    edges: `${base}:changed:edges`,
    bookBegun: `${base}:changed:begun`,
  }
}
