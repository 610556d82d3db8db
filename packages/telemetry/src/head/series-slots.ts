/** Finds the slot of a 64-bit id given as two halves: an open hash table of slot numbers over an array of the ids. */
export class SeriesSlots {
  #table = new Uint32Array(1024)
  #used = 0

  /**
   * @param words where ids stand: low and high half of slot s at `s * stride` and the word behind
   * @returns the slot, or -1
   */
  find(words: Uint32Array, stride: number, low: number, high: number): number {
    const mask = this.#table.length - 1
    for (let i = hashOf(low, high) & mask; ; i = (i + 1) & mask) {
      const entry = this.#table[i]!
      if (entry === 0) return -1
      const at = (entry - 1) * stride
      if (words[at] === low && words[at + 1] === high) return entry - 1
    }
  }

  /** Enters a slot whose id is not in the table yet. */
  add(words: Uint32Array, stride: number, slot: number): void {
    if (++this.#used * 2 > this.#table.length) this.#grow(words, stride)
    this.#put(words, stride, slot)
  }

  remove(words: Uint32Array, stride: number, slot: number): void {
    const mask = this.#table.length - 1
    let hole = hashOf(words[slot * stride]!, words[slot * stride + 1]!) & mask
    while (this.#table[hole] !== slot + 1) hole = (hole + 1) & mask
    this.#used--
    // Entries behind the hole that belong before it move up, so that every search still ends at them.
    for (let i = (hole + 1) & mask; this.#table[i] !== 0; i = (i + 1) & mask) {
      const at = (this.#table[i]! - 1) * stride
      const home = hashOf(words[at]!, words[at + 1]!) & mask
      if (((i - home) & mask) < ((i - hole) & mask)) continue
      this.#table[hole] = this.#table[i]!
      hole = i
    }
    this.#table[hole] = 0
  }

  #put(words: Uint32Array, stride: number, slot: number): void {
    const mask = this.#table.length - 1
    let i = hashOf(words[slot * stride]!, words[slot * stride + 1]!) & mask
    while (this.#table[i] !== 0) i = (i + 1) & mask
    this.#table[i] = slot + 1
  }

  #grow(words: Uint32Array, stride: number): void {
    const old = this.#table
    this.#table = new Uint32Array(old.length * 2)
    for (const entry of old) if (entry !== 0) this.#put(words, stride, entry - 1)
  }
}

/** Ids are hashes already; halves are mixed only against ids that are not. */
function hashOf(low: number, high: number): number {
  return (Math.imul(low ^ (high >>> 15), 0x9e37_79b1) ^ high) >>> 0
}
