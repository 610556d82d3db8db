import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { ContentHash } from './content-hash.ts'
import { loadDecoder } from './load-decoder.ts'

const module = await loadDecoder()
const hash = new ContentHash(module)
const textOf = (content: Buffer, by = hash) => by.of(content).toString('hex')

/** Lengths around a vector, a chunk and a piece. */
const LENGTHS = [0, 1, 15, 16, 17, 31, 32, 33, 1_023, 1_024, 1_025, 65_535, 65_536, 65_537, 131_072, 200_000]

test('is the same in every process, as it was in every release', () => {
  expect(textOf(Buffer.from('one request'))).toBe('984fe9e2b61b4e7476b1a34e96f40773')
  expect(textOf(Buffer.alloc(200_000, 'request'))).toBe('ac29b5a9d781bfcc5e13e18b09fd0172')
  expect(textOf(Buffer.alloc(0))).toBe('a374f4cf8aef2057de3e4601f71b33e8')
})

test('depends on nothing but the content', () => {
  for (const length of LENGTHS) {
    const content = randomBytes(length)
    const expected = textOf(content)
    textOf(randomBytes(100_000))
    expect(textOf(content), `${length} bytes`).toBe(expected)
    expect(textOf(content, new ContentHash(module)), `${length} bytes`).toBe(expected)
  }
})

test('tells contents apart by any bit and by their length', () => {
  for (const length of LENGTHS) {
    const content = randomBytes(length)
    const seen = new Set([textOf(content), textOf(Buffer.concat([content, Buffer.alloc(1)]))])
    const places = length <= 33 ? [...Array(length).keys()] : [0, 16, 1_000, length - 17, length - 1]
    for (const place of places) {
      const other = Buffer.from(content)
      other[place]! ^= 1 << (place % 8)
      seen.add(textOf(other))
    }
    expect(seen.size, `${length} bytes`).toBe(places.length + 2)
  }
})

test('tells apart contents whose chunks stand in another order', () => {
  const [first, second] = [randomBytes(1_024), randomBytes(1_024)]
  expect(textOf(Buffer.concat([first, second]))).not.toBe(textOf(Buffer.concat([second, first])))
  const [long, longer] = [randomBytes(65_536), randomBytes(65_536)]
  expect(textOf(Buffer.concat([long, longer]))).not.toBe(textOf(Buffer.concat([longer, long])))
})
