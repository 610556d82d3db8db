/** The first 128 bits of the SHA-256 of an identity: id and check words, each low and high. */
export type SeriesDigest = readonly [idLow: number, idHigh: number, checkLow: number, checkHigh: number]

/** What the table keeps of a metric of a workspace. */
export interface MetricCount {
  readonly metric: string
  series: number
}

const NONE = -1
const FIRST_CAPACITY = 1_024
const GROWTH = 1.5

/**
 * Series of all workspaces in typed arrays: 48 bytes each and no object, so that a million of them take some 50 MB. A
 * series keeps its entry until it is removed; who remembers an entry must check with `holds` that it is still its own.
 */
export class SeriesTable {
  #words = new Uint32Array(4 * FIRST_CAPACITY)
  #workspaces = new Uint32Array(FIRST_CAPACITY)
  /** Seconds since the epoch; 0 for never. */
  #announcedAt = new Uint32Array(FIRST_CAPACITY)
  #lastSeen = new Uint32Array(FIRST_CAPACITY)
  #metrics = new Uint32Array(FIRST_CAPACITY)
  /** The block that holds the definition and is not confirmed yet; 0 for none. */
  #pending = new Uint32Array(FIRST_CAPACITY)
  readonly #counts: MetricCount[] = []
  #freeMetrics: number[] = []
  /** Entries by hash, open addressing with linear probing; at most half full. */
  #index = new Int32Array(2 * FIRST_CAPACITY).fill(NONE)
  #free: number[] = []
  /** Entries that are or were in use. */
  #end = 0
  size = 0

  get end(): number {
    return this.#end
  }

  /** The entry of a series, or -1. */
  find(workspace: number, idLow: number, idHigh: number): number {
    const mask = this.#index.length - 1
    for (let slot = hashOf(workspace, idLow) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#index[slot]!
      if (entry === NONE || this.holds(entry, workspace, idLow, idHigh)) return entry
    }
  }

  /** Whether the entry is in use and that of the series. */
  holds(entry: number, workspace: number, idLow: number, idHigh: number): boolean {
    return (
      this.#words[4 * entry] === idLow &&
      this.#words[4 * entry + 1] === idHigh &&
      this.#workspaces[entry] === workspace &&
      this.#metrics[entry] !== 0
    )
  }

  /** Whether the series of the entry has this digest, and not only its id. */
  agrees(entry: number, [, , checkLow, checkHigh]: SeriesDigest): boolean {
    return this.#words[4 * entry + 2] === checkLow && this.#words[4 * entry + 3] === checkHigh
  }

  /** Adds a series that is not there. `metric` is a number from `metricNumber`. */
  add(workspace: number, digest: SeriesDigest, metric: number): number {
    const entry = this.#free.pop() ?? this.#end++
    if (entry >= this.#workspaces.length) this.#grow()
    this.#words.set(digest, 4 * entry)
    this.#workspaces[entry] = workspace
    this.#announcedAt[entry] = 0
    this.#lastSeen[entry] = 0
    this.#metrics[entry] = metric
    this.#pending[entry] = 0
    this.#counts[metric - 1]!.series++
    this.size++
    this.#enter(entry)
    return entry
  }

  /** Removes a series; its metric's count falls with it. Answers the metric, when that was its last series. */
  remove(entry: number): MetricCount | null {
    this.#leave(entry)
    const number = this.#metrics[entry]!
    this.#metrics[entry] = 0
    this.#free.push(entry)
    this.size--
    const count = this.#counts[number - 1]!
    if (--count.series > 0) return null
    this.#freeMetrics.push(number)
    return count
  }

  /** A number for a metric that series of it are added with. */
  metricNumber(count: MetricCount): number {
    const number = this.#freeMetrics.pop() ?? this.#counts.length + 1
    this.#counts[number - 1] = count
    return number
  }

  isUsed(entry: number): boolean {
    return this.#metrics[entry] !== 0
  }

  workspaceOf(entry: number): number {
    return this.#workspaces[entry]!
  }

  announcedAt(entry: number): number {
    return this.#announcedAt[entry]!
  }

  /** Keeps the later one. */
  setAnnounced(entry: number, seconds: number): void {
    if (seconds > this.#announcedAt[entry]!) this.#announcedAt[entry] = seconds
  }

  lastSeen(entry: number): number {
    return this.#lastSeen[entry]!
  }

  see(entry: number, seconds: number): void {
    if (seconds > this.#lastSeen[entry]!) this.#lastSeen[entry] = seconds
  }

  /** The number of the block that the definition waits in; 0 for none. */
  pendingIn(entry: number): number {
    return this.#pending[entry]!
  }

  setPending(entry: number, block: number): void {
    this.#pending[entry] = block
  }

  /** Bytes that the arrays take. */
  get bytes(): number {
    return 36 * this.#workspaces.length + 4 * this.#index.length
  }

  #grow(): void {
    const capacity = Math.ceil(this.#workspaces.length * GROWTH)
    this.#words = enlarged(this.#words, 4 * capacity)
    this.#workspaces = enlarged(this.#workspaces, capacity)
    this.#announcedAt = enlarged(this.#announcedAt, capacity)
    this.#lastSeen = enlarged(this.#lastSeen, capacity)
    this.#metrics = enlarged(this.#metrics, capacity)
    this.#pending = enlarged(this.#pending, capacity)
  }

  #enter(entry: number): void {
    if (2 * this.size > this.#index.length) {
      this.#index = new Int32Array(2 * this.#index.length).fill(NONE)
      for (let i = 0; i < this.#end; i++) if (this.isUsed(i)) this.#place(i)
    } else this.#place(entry)
  }

  #place(entry: number): void {
    const mask = this.#index.length - 1
    let slot = this.#home(entry, mask)
    while (this.#index[slot] !== NONE) slot = (slot + 1) & mask
    this.#index[slot] = entry
  }

  /** Takes an entry out of the index and moves those behind it up, so that no search ends too early. */
  #leave(entry: number): void {
    const mask = this.#index.length - 1
    let gap = this.#home(entry, mask)
    while (this.#index[gap] !== entry) gap = (gap + 1) & mask
    for (let slot = (gap + 1) & mask; ; slot = (slot + 1) & mask) {
      const next = this.#index[slot]!
      if (next === NONE) break
      // How far the entry is from where it would like to be; it may fill the gap when that is as far.
      if (((slot - this.#home(next, mask)) & mask) >= ((slot - gap) & mask)) {
        this.#index[gap] = next
        gap = slot
      }
    }
    this.#index[gap] = NONE
  }

  #home(entry: number, mask: number): number {
    return hashOf(this.#workspaces[entry]!, this.#words[4 * entry]!) & mask
  }
}

/** The id is a cryptographic hash: its low word only has to be kept apart by workspace. */
function hashOf(workspace: number, idLow: number): number {
  return (idLow ^ Math.imul(workspace, 0x9e37_79b1)) >>> 0
}

function enlarged(words: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(length)
  larger.set(words)
  return larger
}
