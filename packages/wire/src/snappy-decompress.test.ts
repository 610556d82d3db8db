import { compress } from 'snappyjs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NinesError } from '@nines/kernel'
import { loadDecoder } from './fast/load-decoder.ts'
import { MetricDecoder } from './fast/metric-decoder.ts'
import { stored } from './fast/remote-write.fixture.ts'
import { varint } from './fast/protobuf-writer.fixture.ts'
import { snappyDecompress } from './snappy-decompress.ts'

const decoder = new MetricDecoder(await loadDecoder(), { seriesLimit: 16 })
const MAX_BYTES = 1_000_000

/** What both implementations make of a body; they must not differ. */
function decompress(body: Uint8Array, maxBytes = MAX_BYTES): Buffer {
  const outcome = (run: () => Buffer) => {
    try {
      return run()
    } catch (error) {
      expect(error).toBeInstanceOf(NinesError)
      return error as NinesError
    }
  }
  const slow = outcome(() => snappyDecompress(body, maxBytes))
  const fast = outcome(() => decoder.decompress(body, maxBytes))
  // The comparison of large buffers by `expect` takes seconds.
  if (slow instanceof NinesError || fast instanceof NinesError) expect(fast).toEqual(slow)
  else expect(fast.equals(slow)).toBe(true)
  if (slow instanceof NinesError) throw slow
  return slow
}

const literal = (content: Buffer | string) => {
  const buffer = Buffer.from(content)
  return Buffer.concat([Buffer.from([(buffer.length - 1) << 2]), buffer])
}
const copy1 = (offset: number, length: number) =>
  Buffer.from([1 | ((length - 4) << 2) | ((offset >> 8) << 5), offset & 255])
const copy2 = (offset: number, length: number) => Buffer.from([2 | ((length - 1) << 2), offset & 255, offset >> 8])
const copy4 = (offset: number, length: number) => {
  const bytes = Buffer.from([3 | ((length - 1) << 2), 0, 0, 0, 0])
  bytes.writeUInt32LE(offset, 1)
  return bytes
}
const body = (size: number, ...elements: Buffer[]) => Buffer.concat([varint(size), ...elements])

describe('snappy', () => {
  test('what an independent compressor wrote comes back', () => {
    const texts = fc.array(fc.constantFrom('label', 'instance', 'x', '0123456789abcdef', 'ÿ'), { maxLength: 400 })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 3_000 }),
          texts.map((all) => Buffer.from(all.join(''))),
        ),
        (raw) => {
          expect(decompress(compress(raw)).equals(raw)).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
    const large = Buffer.alloc(900_000, 'some text that repeats, and repeats ')
    expect(decompress(compress(large)).equals(large)).toBe(true)
    expect(decompress(stored(large)).equals(large)).toBe(true)
  })

  test('copies repeat what they write, at every distance and length', () => {
    const start = Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789')
    for (let offset = 1; offset <= start.length; offset++)
      for (let length = 1; length <= 64; length++) {
        const expected = [...start]
        for (let i = 0; i < length; i++) expected.push(expected[expected.length - offset]!)
        const short = length >= 4 && length <= 11 ? [copy1(offset, length)] : []
        for (const copy of [...short, copy2(offset, length), copy4(offset, length)])
          expect(decompress(body(start.length + length, literal(start), copy))).toEqual(Buffer.from(expected))
      }
  })

  test('literals of every form and length are read', () => {
    for (const length of [...Array(70).keys()].slice(1).concat(255, 256, 257, 65_535, 65_536, 65_537, 300_000)) {
      const content = Buffer.alloc(length, 'content')
      for (let bytes = 1; bytes <= 4; bytes++) {
        if (length - 1 >= 2 ** (8 * bytes)) continue
        const head = Buffer.alloc(1 + bytes)
        head[0] = (59 + bytes) << 2
        head.writeUIntLE(length - 1, 1, bytes)
        expect(decompress(body(length, head, content)).equals(content)).toBe(true)
      }
      if (length <= 60) expect(decompress(body(length, literal(content))).equals(content)).toBe(true)
    }
  })

  test.each([
    ['nothing at all', Buffer.alloc(0), /ends inside its length/],
    ['a length that does not end', Buffer.from([0x80]), /ends inside its length/],
    ['a length of more than 5 bytes', Buffer.from([0x80, 0x80, 0x80, 0x80, 0x80, 0]), /more than 5 bytes/],
    ['less than it says', body(5, literal('abcd')), /4 bytes instead of the 5/],
    ['more than it says', body(3, literal('abcd')), /more than the 3 bytes/],
    ['a copy of more than it says', body(7, literal('abcd'), copy2(4, 4)), /more than the 7 bytes/],
    ['a literal cut short', body(4, literal('abcd').subarray(0, 4)), /4 literal bytes where 3 are left/],
    ['a literal length cut short', body(4, Buffer.from([61 << 2, 3])), /ends inside an element/],
    ['a literal of 4 GiB', body(4, Buffer.from([63 << 2, 255, 255, 255, 255, 0])), /more than the 4 bytes/],
    ['a copy without offset', body(8, literal('abcd'), Buffer.from([2 | (3 << 2), 1])), /ends inside an element/],
    ['a copy from nowhere', body(8, literal('abcd'), copy2(0, 4)), /copies from 0 bytes back/],
    ['a copy from before the start', body(8, literal('abcd'), copy2(5, 4)), /5 bytes back, 4 are written/],
    ['a copy from far before', body(8, literal('abcd'), copy4(0xffff_ffff, 4)), /4294967295 bytes back/],
    ['a copy as its first element', body(4, copy1(1, 4)), /1 bytes back, 0 are written/],
    ['a size beyond all compression', body(500_000, literal('abcd')), /more than 8 compressed bytes can/],
  ])('%s is refused with the place', (_what, input, reason) => {
    expect(() => decompress(input)).toThrow(reason)
    try {
      decompress(input)
    } catch (error) {
      expect(error).toMatchObject({ code: 'bad_request' })
      expect((error as Error).message).toMatch(/^corrupt snappy body at byte \d+: /)
    }
  })

  test('a body that would be too large is refused before it is decompressed', () => {
    const bomb = body(4_000_000_000, literal('a'))
    expect(() => decompress(bomb)).toThrow('the body has 4000000000 bytes uncompressed; at most 1000000 are accepted')
    expect(decompress(stored(Buffer.alloc(100)), 100)).toHaveLength(100)
    expect(() => decompress(stored(Buffer.alloc(101)), 100)).toThrow(expect.objectContaining({ code: 'too_large' }))
  })
})
