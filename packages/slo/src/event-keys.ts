/** Where an event was read. */
export type EventSource = 'stream' | 'store'

const FIRST_SLOTS = 64
const MOST = 0xffff

/**
 * What is known of events by 64-bit keys: how often the stream and how often the store brought each. 12 bytes a slot, at most
 * two thirds of which are taken: a busy service has a million spans in a quarter of an hour.
 */
export class EventKeys {
  #keys = new Uint32Array(2 * FIRST_SLOTS)
  #seen = new Uint16Array(2 * FIRST_SLOTS)
  #slots = FIRST_SLOTS
  #taken = 0

  /** Notes the event and answers whether it was unknown. */
  addUnique(low: number, high: number, source: EventSource): boolean {
    const slot = this.#slotOf(low, high)
    const wasUnknown = this.#isFree(slot)
    this.#note(slot, low, high, source)
    return wasUnknown
  }

  /**
   * Notes an event that has no identity, so that several with the same key are several events, and answers whether it is a
   * new one: one source brought it more often now than the other, which may hold the same events or only some of them.
   */
  addOneOfMany(low: number, high: number, source: EventSource): boolean {
    const slot = this.#slotOf(low, high)
    const noted = this.#note(slot, low, high, source)
    const [stream, store] = [this.#seen[2 * noted]!, this.#seen[2 * noted + 1]!]
    return source === 'stream' ? stream > store : store > stream
  }

  #note(slot: number, low: number, high: number, source: EventSource): number {
    let place = slot
    if (this.#isFree(slot)) {
      if (3 * ++this.#taken > 2 * this.#slots) {
        this.#grow()
        place = this.#slotOf(low, high)
      }
      this.#keys[2 * place] = low
      this.#keys[2 * place + 1] = high
    }
    const count = 2 * place + (source === 'stream' ? 0 : 1)
    if (this.#seen[count]! < MOST) this.#seen[count]!++
    return place
  }

  #isFree(slot: number): boolean {
    return this.#seen[2 * slot] === 0 && this.#seen[2 * slot + 1] === 0
  }

  /** The slot that holds the key, or the free one where it belongs. */
  #slotOf(low: number, high: number): number {
    const mask = this.#slots - 1
    let slot = scattered(low, high) & mask
    while (!this.#isFree(slot) && !(this.#keys[2 * slot] === low >>> 0 && this.#keys[2 * slot + 1] === high >>> 0)) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  #grow(): void {
    const [keys, seen, slots] = [this.#keys, this.#seen, this.#slots]
    this.#slots = 2 * slots
    this.#keys = new Uint32Array(2 * this.#slots)
    this.#seen = new Uint16Array(2 * this.#slots)
    for (let i = 0; i < slots; i++) {
      if (seen[2 * i] === 0 && seen[2 * i + 1] === 0) continue
      const slot = this.#slotOf(keys[2 * i]!, keys[2 * i + 1]!)
      this.#keys.set(keys.subarray(2 * i, 2 * i + 2), 2 * slot)
      this.#seen.set(seen.subarray(2 * i, 2 * i + 2), 2 * slot)
    }
  }
}

/** Bits of the key mixed so that keys that count up do not lie beside each other (the finaliser of MurmurHash3). */
function scattered(low: number, high: number): number {
  let hash = Math.imul(low, 0x85eb_ca6b) ^ high
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
