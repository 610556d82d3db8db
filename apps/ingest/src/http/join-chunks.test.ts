import { expect, test } from 'vitest'
import { join, joinForNow } from './join-chunks.ts'

const chunksOf = (...texts: string[]) => {
  const chunks = texts.map((text) => Buffer.from(text))
  return { chunks, length: chunks.reduce((sum, chunk) => sum + chunk.length, 0) }
}

test('chunks are put together, none and one included', () => {
  for (const body of [chunksOf(), chunksOf('abc'), chunksOf('a', 'bc', 'def')]) {
    expect(joinForNow(body)).toEqual(Buffer.concat(body.chunks))
    expect(joinForNow(body)).toEqual(join(body))
  }
})

test('a body joined for now holds until the next one; one in memory of its own stays', () => {
  const [first, second] = [chunksOf('first', ' body'), chunksOf('other', ' text')]
  const kept = join(first)
  joinForNow(first)
  expect(joinForNow(second).toString()).toBe('other text')
  expect(kept.toString()).toBe('first body')
})

test('a large body does not keep the memory it needed', () => {
  const large = chunksOf('x'.repeat(3_000_000), 'y'.repeat(3_000_000))
  const joined = joinForNow(large)
  expect(joinForNow(chunksOf('a', 'b')).toString()).toBe('ab')
  expect(joined.subarray(-3).toString()).toBe('yyy')
})
