/** A source of numbers that a seed repeats: xorshift32. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

const TELLING = [0, 1, 0x0a, 0x12, 0x3a, 0x7f, 0x80, 0xff]

/** A changed copy: flipped bits, bytes that look like tags or lengths, cuts, and parts left out, doubled or from elsewhere. */
export function mutated(bytes: Buffer, donor: Buffer, random: (below: number) => number): Buffer {
  let out = Buffer.from(bytes)
  for (let rounds = 1 + random(3); rounds > 0 && out.length > 0; rounds--) {
    const at = random(out.length)
    const length = 1 + random(Math.min(40, out.length))
    switch (random(8)) {
      case 0:
        out[at]! ^= 1 << random(8)
        break
      case 1:
        out[at] = TELLING[random(TELLING.length)]!
        break
      case 2:
        // Most often a length or a tag that comes out a little wrong.
        out[at]! += random(5) - 2
        break
      case 3:
        out = out.subarray(0, at)
        break
      case 4:
        out = Buffer.concat([out.subarray(0, at), out.subarray(at + length)])
        break
      case 5:
        out = Buffer.concat([out.subarray(0, at + length), out.subarray(at)])
        break
      case 6: {
        const from = random(donor.length)
        out = Buffer.concat([out.subarray(0, at), donor.subarray(from, from + length), out.subarray(at)])
        break
      }
      default:
        out.fill(random(256), at, Math.min(out.length, at + length))
    }
  }
  return out
}
