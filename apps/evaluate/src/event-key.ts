/** A 64-bit key made of the words that tell an event from others, alike for rows of the stream and of the store. */
export class EventKey {
  low = 0
  high = 0

  begin(): void {
    this.low = 0x9747_b28c
    this.high = 0x1b87_3593
  }

  /** Adds a word of 32 bits: a round of MurmurHash3 for each half, under constants of their own. */
  add(word: number): void {
    this.low = round(this.low, word, 0xcc9e_2d51, 0x1b87_3593)
    this.high = round(this.high, word, 0x239b_961b, 0xab0e_9789)
  }
}

function round(hash: number, word: number, first: number, second: number): number {
  const scrambled = Math.imul(rotated(Math.imul(word, first), 15), second)
  return (Math.imul(rotated(hash ^ scrambled, 13), 5) + 0xe654_6b64) >>> 0
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}
