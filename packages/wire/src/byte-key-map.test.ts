import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteKeyMap, type ByteSpan } from './byte-key-map.ts'

function spanOf(key: Uint8Array, shift: number): ByteSpan {
  const bytes = Buffer.concat([Buffer.alloc(shift, 7), key, Buffer.alloc(3, 9)])
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { bytes, view, start: shift, end: shift + key.length }
}

test('never answers the value of another key or context, wherever the key lies', () => {
  const key = fc.uint8Array({ maxLength: 9, max: 2 })
  const step = fc.record({
    key,
    context: fc.integer({ min: 1, max: 3 }),
    shift: fc.nat({ max: 5 }),
    write: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const map = new ByteKeyMap<string>(1_000)
      const written = new Set<string>()
      for (const { key, context, shift, write } of steps) {
        const name = `${context}:${key.join(',')}`
        if (write) {
          map.set(context, spanOf(key, shift), name)
          written.add(name)
          expect(map.get(context, spanOf(key, 0))).toBe(name)
        }
        expect(written.has(name) ? [name, undefined] : [undefined]).toContain(map.get(context, spanOf(key, shift)))
      }
    }),
  )
})

test('finds nearly all of many keys, so that hashes are spread well', () => {
  const map = new ByteKeyMap<number>(200_000)
  const spans = Array.from({ length: 50_000 }, (_, i) => spanOf(Buffer.from(`http.route/api/v1/${i}`), i % 4))
  for (const [i, span] of spans.entries()) map.set(1 + (i % 3), span, i)
  const found = spans.filter((span, i) => map.get(1 + (i % 3), span) === i).length
  expect(found).toBeGreaterThan(49_900)
})
