// Snappy's block format (google/snappy, format_description.txt).

/** Why decompression failed, as negative results. */
const CORRUPT: i32 = -1

/**
 * Decompresses `length` bytes at `p`, behind the preamble, into exactly `size` bytes at `into`; returns `size` or CORRUPT.
 * Both regions are followed by at least 64 bytes that may be read (input) and overwritten (output): copies are made in
 * whole vectors. Nothing is read before `into` or written behind that margin, whatever the input says.
 */
export function snappyDecompress(p: usize, length: u32, into: usize, size: u32): i32 {
  const end = p + length
  const outEnd = into + size
  let out = into
  while (p < end) {
    const tag = <u32>load<u8>(p)
    p += 1
    const kind = tag & 3
    if (kind == 0) {
      let less = tag >> 2
      if (less >= 60) {
        const bytes = less - 59
        less = load<u32>(p) & (0xffffffff >> ((4 - bytes) << 3))
        p += bytes
      }
      // Compared as less than, not up to: `less + 1` could overflow.
      if (p > end || less >= <u32>(end - p) || less >= <u32>(outEnd - out)) return CORRUPT
      const count = less + 1
      if (count <= 64) {
        v128.store(out, v128.load(p))
        if (count > 16) {
          v128.store(out, v128.load(p, 16), 16)
          if (count > 32) {
            v128.store(out, v128.load(p, 32), 32)
            v128.store(out, v128.load(p, 48), 48)
          }
        }
      } else memory.copy(out, p, count)
      p += count
      out += count
      continue
    }
    let count: u32
    let offset: u32
    if (kind == 1) {
      count = ((tag >> 2) & 7) + 4
      offset = ((tag >> 5) << 8) | <u32>load<u8>(p)
      p += 1
    } else if (kind == 2) {
      count = (tag >> 2) + 1
      offset = <u32>load<u16>(p)
      p += 2
    } else {
      count = (tag >> 2) + 1
      offset = load<u32>(p)
      p += 4
    }
    if (p > end || offset - 1 >= <u32>(out - into) || count > <u32>(outEnd - out)) return CORRUPT
    const from = out - offset
    if (offset >= 16) {
      v128.store(out, v128.load(from))
      if (count > 16) {
        v128.store(out, v128.load(from, 16), 16)
        if (count > 32) {
          v128.store(out, v128.load(from, 32), 32)
          v128.store(out, v128.load(from, 48), 48)
        }
      }
    } else if (offset >= 8) {
      for (let i: u32 = 0; i < count; i += 8) store<u64>(out + i, load<u64>(from + i))
    } else {
      for (let i: u32 = 0; i < count; i++) store<u8>(out + i, load<u8>(from + i))
    }
    out += count
  }
  return out == outEnd ? <i32>size : CORRUPT
}
