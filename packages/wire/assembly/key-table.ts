// Known series: key -> series id. Entries stand in the order in which they were learnt, which is the order in which
// senders repeat them, so the entry behind the last one found is tried first: a pass over memory in order instead of a
// random access for each series. A small open-addressed index finds the others.

/** Offsets in an entry of 32 bytes. */
const CHECK: usize = 8
const SERIES: usize = 16
const EXPIRES: usize = 24
/** The period of the last use, in the low half; bytes of labels or attributes, 0 when not known, in the high half. */
const USED: usize = 28
const ENTRY: usize = 32

/** An index slot holds the number of an entry plus one in its low 22 bits and bits of the key above them; 0 is empty. */
const NUMBER_BITS: u32 = 22
const NUMBER: u32 = (1 << NUMBER_BITS) - 1
/** Entries from the expected one on that are tried before the index. */
const NEAR: usize = 4
const FIRST_SLOTS: u32 = 1024

class Table {
  static entries: usize = 0
  static end: usize = 0
  static limit: u32 = 0
  static index: usize = 0
  static mask: u32 = 0
  /** The entry to try first, and whether the last one stood where it was expected. */
  static next: usize = 0
  static inOrder: bool = false
  /** The current sixteen minutes, modulo 2^16. */
  static period: u32 = 0
  static now: u32 = 0
}

/** `entries` has room for `limit` entries, `index` for twice as many slots of 4 bytes, rounded up to a power of two. */
export function openTable(entries: usize, index: usize, limit: u32): void {
  Table.entries = entries
  Table.end = entries
  Table.next = entries
  Table.limit = limit
  Table.index = index
  reindex(FIRST_SLOTS)
}

export function tableCount(): u32 {
  return <u32>((Table.end - Table.entries) / ENTRY)
}

/** Minutes since the epoch, against which entries expire. */
export function setMinute(minute: u32): void {
  Table.now = minute
  Table.period = (minute >> 4) & 0xffff
}

/**
 * How many bytes of labels or attributes the series has that is expected next; 0 when that is not known. Hashing so many
 * and asking `isNext` is less work than finding where they end.
 */
// @ts-ignore: decorator
@inline
export function nextLength(): u32 {
  const entry = Table.next
  return Table.inOrder && entry < Table.end ? load<u32>(entry, USED) >> 16 : 0
}

// @ts-ignore: decorator
@inline
export function isNext(low: u64, high: u64): bool {
  const entry = Table.next
  return load<u64>(entry) == low && load<u64>(entry, CHECK) == high
}

/**
 * The entry of a key, or 0 when the series is unknown or to be announced again. `length` is that of the labels or
 * attributes.
 */
// @ts-ignore: decorator
@inline
export function find(low: u64, high: u64, length: u32): usize {
  let entry = Table.next
  if (entry < Table.end && load<u64>(entry) == low && load<u64>(entry, CHECK) == high) Table.inOrder = true
  else {
    Table.inOrder = false
    entry = search(low, high)
    if (entry == 0) return 0
  }
  Table.next = entry + ENTRY
  if (load<u32>(entry, EXPIRES) <= Table.now) return 0
  const used = Table.period | (length > 0xffff ? 0 : length << 16)
  if (load<u32>(entry, USED) != used) store<u32>(entry, used, USED)
  return entry
}

// @ts-ignore: decorator
@inline
export function seriesOf(entry: usize): u64 {
  return load<u64>(entry, SERIES)
}

/** Looks a little further on, where senders left series out, and then in the index. */
function search(low: u64, high: u64): usize {
  const last = min(Table.next + NEAR * ENTRY, Table.end)
  for (let entry = Table.next + ENTRY; entry < last; entry += ENTRY)
    if (load<u64>(entry) == low && load<u64>(entry, CHECK) == high) return entry
  return probe(low, high)
}

function probe(low: u64, high: u64): usize {
  const mark = markOf(low)
  let slot = <u32>low & Table.mask
  while (true) {
    const found = load<u32>(Table.index + (<usize>slot << 2))
    if (found == 0) return 0
    if ((found & ~NUMBER) == mark) {
      const entry = Table.entries + <usize>((found & NUMBER) - 1) * ENTRY
      if (load<u64>(entry) == low && load<u64>(entry, CHECK) == high) return entry
    }
    slot = (slot + 1) & Table.mask
  }
}

/** Adds or renews an entry; false when the table is at its limit, which `evict` changes. */
export function learn(low: u64, high: u64, series: u64, expires: u32): bool {
  let entry = probe(low, high)
  if (entry == 0) {
    const count = tableCount()
    if (count == Table.limit) return false
    entry = Table.end
    Table.end += ENTRY
    store<u64>(entry, low)
    store<u64>(entry, high, CHECK)
    if ((count + 1) * 2 > Table.mask + 1) reindex((Table.mask + 1) * 2)
    else enter(low, count + 1)
  }
  store<u64>(entry, series, SERIES)
  store<u32>(entry, expires, EXPIRES)
  store<u32>(entry, Table.period, USED)
  return true
}

/**
 * Makes room: drops what has expired and what was not found in this period or the one before, and, where that leaves
 * more than three quarters of the limit, every other entry.
 */
export function evict(): void {
  keep(false)
  if (tableCount() > Table.limit - (Table.limit >> 2)) keep(true)
  let slots = FIRST_SLOTS
  while (slots < tableCount() * 2) slots <<= 1
  reindex(slots)
}

function keep(alternate: bool): void {
  let into = Table.entries
  let odd = false
  for (let entry = Table.entries; entry < Table.end; entry += ENTRY) {
    odd = !odd
    const drop = alternate
      ? odd
      : load<u32>(entry, EXPIRES) <= Table.now || ((Table.period - load<u32>(entry, USED)) & 0xffff) > 1
    if (drop) continue
    if (into != entry) memory.copy(into, entry, ENTRY)
    into += ENTRY
  }
  Table.end = into
  Table.next = Table.entries
  Table.inOrder = false
}

function reindex(slots: u32): void {
  Table.mask = slots - 1
  memory.fill(Table.index, 0, <usize>slots << 2)
  let number: u32 = 1
  for (let entry = Table.entries; entry < Table.end; entry += ENTRY) enter(load<u64>(entry), number++)
}

function enter(low: u64, number: u32): void {
  let slot = <u32>low & Table.mask
  while (load<u32>(Table.index + (<usize>slot << 2)) != 0) slot = (slot + 1) & Table.mask
  store<u32>(Table.index + (<usize>slot << 2), markOf(low) | number)
}

// @ts-ignore: decorator
@inline
function markOf(low: u64): u32 {
  return <u32>(low >> 32) & ~NUMBER
}
