// Orders rows of 64-bit columns by their first two: an id (unsigned; a hash) and an instant (signed).

const PILE_BITS: u32 = 8
const PILES: u32 = 1 << PILE_BITS
const MOST_PLACE_BITS: u32 = 16
/** Rows move so far on average where ids are no hashes; beyond that they stay as they are. */
const MOST_MOVES_A_ROW: u64 = 8

/**
 * Appends rows to piles by the leading bits of their ids, all of a row in one place. Column c lies at `input + c * stride`;
 * `ends` has the number of rows up to the end of each pile so far (u32).
 */
export function dealRows(input: usize, stride: usize, rows: u32, width: u32, ends: usize, records: usize): void {
  const inputEnd = input + (<usize>rows << 3)
  for (let p = input; p < inputEnd; p += 8) {
    const id = load<u64>(p)
    const end = ends + (<usize>(id >> (64 - PILE_BITS)) << 2)
    const row = load<u32>(end)
    store<u32>(end, row + 1)
    let to = records + <usize>row * (width << 3)
    let from = p + stride
    store<u64>(to, id)
    store<u64>(to, load<u64>(from), 8)
    if (width == 3) {
      store<u64>(to, load<u64>(from + stride), 16)
      continue
    }
    for (let c: u32 = 2; c < width; c++) {
      from += stride
      store<u64>(to, load<u64>(from), 16)
      to += 8
    }
  }
}

/**
 * Copies the rows of all piles to columns (column c at `out + c * rows * 8`), in order. `ends` as `dealRows` left it;
 * `places` has room for 2^16 + 1 words (u32).
 */
export function placeRows(records: usize, width: u32, rows: u32, ends: usize, places: usize, out: usize): void {
  const stride = <usize>rows << 3
  let moves = MOST_MOVES_A_ROW * rows
  let from: u32 = 0
  for (let pile: u32 = 0; pile < PILES; pile++) {
    const to = load<u32>(ends + (<usize>pile << 2))
    if (to > from) {
      placePile(records, width, from, to, places, out, stride)
      moves -= min(settle(width, from, to, out, stride, moves), moves)
    }
    from = to
  }
}

/** In the order of the bits of ids behind those of the pile. */
// @ts-ignore: decorator
@inline
function placePile(
  records: usize,
  width: u32,
  from: u32,
  to: u32,
  places: usize,
  out: usize,
  stride: usize,
): void {
  const size = <usize>width << 3
  const first = records + from * size
  const last = records + to * size
  const bits = min<u32>(32 - clz<u32>(to - from), MOST_PLACE_BITS)
  const shift = <u64>(64 - PILE_BITS - bits)
  const mask = (<usize>1 << bits) - 1
  memory.fill(places, 0, (mask + 2) << 2)
  for (let p = first; p < last; p += size) {
    const place = places + ((<usize>(load<u64>(p) >> shift) & mask) << 2)
    store<u32>(place, load<u32>(place, 4) + 1, 4)
  }
  let sum = from
  for (let place = places; place <= places + (mask << 2); place += 4) {
    sum += load<u32>(place)
    store<u32>(place, sum)
  }
  for (let p = first; p < last; p += size) {
    const id = load<u64>(p)
    const place = places + ((<usize>(id >> shift) & mask) << 2)
    const row = load<u32>(place)
    store<u32>(place, row + 1)
    let target = out + (<usize>row << 3)
    store<u64>(target, id)
    for (let c: usize = 8; c < size; c += 8) {
      target += stride
      store<u64>(target, load<u64>(p + c))
    }
  }
}

/** Moves rows before those that they belong in front of, by no more than about `most` places in all; by how many. */
// @ts-ignore: decorator
@inline
function settle(width: u32, from: u32, to: u32, out: usize, stride: usize, most: u64): u64 {
  let moves: u64 = 0
  let lastId = load<u64>(out + (<usize>from << 3))
  let lastAt = load<i64>(out + stride + (<usize>from << 3))
  for (let row = from + 1; row < to; row++) {
    const p = out + (<usize>row << 3)
    const id = load<u64>(p)
    const at = load<i64>(p + stride)
    if (id > lastId || (id == lastId && at >= lastAt)) {
      lastId = id
      lastAt = at
      continue
    }
    if (moves >= most) break
    let before = p - 8
    const start = out + (<usize>from << 3)
    while (before > start) {
      const otherId = load<u64>(before - 8)
      if (otherId < id || (otherId == id && load<i64>(before + stride - 8) <= at)) break
      before -= 8
    }
    moves += (p - before) >> 3
    for (let c: u32 = 0; c < width; c++) {
      const shift = c * stride
      const moved = load<u64>(p + shift)
      for (let q = p + shift; q > before + shift; q -= 8) store<u64>(q, load<u64>(q - 8))
      store<u64>(before + shift, moved)
    }
  }
  return moves
}
