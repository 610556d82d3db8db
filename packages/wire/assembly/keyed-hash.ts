// The keyed hash behind every series key: 128 bits, universal. Both halves are NH (Black et al., "UMAC: Fast and Secure
// Message Authentication", and RFC 4418) under secret random words; the second uses them shifted by 16 bytes (Toeplitz),
// so that any two different messages of up to 1 KiB collide in both halves with a probability of at most 2^-64, whoever
// chose them; xxHash promises nothing against senders who choose their bytes. SIMD has the multiplication NH is made of.

/** Bytes of one chunk: longer messages are hashed chunk by chunk. */
const CHUNK: u32 = 1024

/** Secret words: one chunk and the 16 bytes that the second half is shifted by. Filled by the host before first use. */
const KEY: usize = memory.data(1024 + 16, 16)

/** 16 bytes of ones, then 16 of zeros: a window into them keeps the first n bytes of a vector. */
const ONES: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
])

const LENGTH_FACTOR: u64 = 0x9e3779b185ebca87

export function keyPointer(): usize {
  return KEY
}

/** A bijection of 64-bit words that spreads every bit (the finaliser of MurmurHash3). */
// @ts-ignore: decorator
@inline
export function spread(x: u64): u64 {
  x ^= x >> 33
  x *= 0xff51afd7ed558ccd
  x ^= x >> 33
  x *= 0xc4ceb9fe1a85ec53
  return x ^ (x >> 33)
}

/** NH of one pair of vectors for one half of the hash. */
// @ts-ignore: decorator
@inline
export function products(a: v128, b: v128): v128 {
  return i64x2.add(i64x2.extmul_low_i32x4_u(a, b), i64x2.extmul_high_i32x4_u(a, b))
}

/** The two halves, each the sum of its lanes. */
// @ts-ignore: decorator
@inline
export function halves(first: v128, second: v128): v128 {
  return i64x2.add(v128.shuffle<u64>(first, second, 0, 2), v128.shuffle<u64>(first, second, 1, 3))
}

/** Secret words for the pair of vectors number `i` of a chunk. */
// @ts-ignore: decorator
@inline
export function secretsOf(i: u32): usize {
  return KEY + (<usize>i << 5)
}

/**
 * NH of at most one chunk. Reads up to 16 bytes behind the message, which have no influence. Whether the last vectors
 * overlap depends on the length alone, and the length becomes part of the state in `absorb`.
 */
function chunkHash(p: usize, length: u32): v128 {
  let first = i64x2.splat(0)
  let second = i64x2.splat(0)
  let key = KEY
  let left = length
  let k0 = v128.load(key)
  while (left > 32) {
    const a = v128.load(p)
    const b = v128.load(p, 16)
    const k1 = v128.load(key, 16)
    const k2 = v128.load(key, 32)
    first = i64x2.add(first, products(i32x4.add(a, k0), i32x4.add(b, k1)))
    second = i64x2.add(second, products(i32x4.add(a, k1), i32x4.add(b, k2)))
    k0 = k2
    p += 32
    key += 32
    left -= 32
  }
  let a: v128
  let b = i64x2.splat(0)
  if (length >= 32) {
    a = v128.load(p + left - 32)
    b = v128.load(p + left - 16)
  } else if (left >= 16) {
    a = v128.load(p)
    b = v128.load(p + left - 16)
  } else a = v128.and(v128.load(p), v128.load(ONES + 16 - left))
  const k1 = v128.load(key, 16)
  const k2 = v128.load(key, 32)
  first = i64x2.add(first, products(i32x4.add(a, k0), i32x4.add(b, k1)))
  second = i64x2.add(second, products(i32x4.add(a, k1), i32x4.add(b, k2)))
  return halves(first, second)
}

/** The state after a message: a bijection of the state before it for any one message, and the reverse with high odds. */
// @ts-ignore: decorator
@inline
export function absorbHash(state: v128, hash: v128, tag: u64): v128 {
  const t = tag * LENGTH_FACTOR
  const low = spread(i64x2.extract_lane(state, 0) + i64x2.extract_lane(hash, 0) + t)
  const high = spread(i64x2.extract_lane(state, 1) + i64x2.extract_lane(hash, 1) + t)
  return i64x2.replace_lane(i64x2.splat(low), 1, high)
}

/** Adds a message to the state; `tag` (below 2^32) tells apart messages that mean different things. */
export function absorb(state: v128, p: usize, length: u32, tag: u32): v128 {
  while (length > CHUNK) {
    state = absorbHash(state, chunkHash(p, CHUNK), (<u64>tag << 32) | CHUNK)
    p += CHUNK
    length -= CHUNK
  }
  return absorbHash(state, chunkHash(p, length), (<u64>tag << 32) | length)
}

// @ts-ignore: decorator
@inline
export function state(low: u64, high: u64): v128 {
  return i64x2.replace_lane(i64x2.splat(low), 1, high)
}
