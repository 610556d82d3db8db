import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { LabelPairs, type TextBytes } from './label-pairs.ts'

const spanOf = (text: string): TextBytes => {
  const bytes = Buffer.from(`<${text}>`)
  return spanIn(bytes, 1, bytes.length - 1)
}
const spanIn = (bytes: Buffer, start: number, end: number): TextBytes => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  start,
  end,
})

test('equal pairs have one number as long as anybody uses it, and numbers are used again', () => {
  const text = fc.constantFrom('', 'a', 'ab', 'b', 'ü', 'üü', 'job', 'payments-api', '\u{1f600}', 'x'.repeat(200))
  const step = fc.record({ isUse: fc.boolean(), name: text, value: fc.oneof(text, fc.string({ maxLength: 2 })) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const pairs = new LabelPairs()
      const users = new Map<string, { number: number; uses: number }>()
      for (const { isUse, name, value } of steps) {
        const key = JSON.stringify([name, value])
        const known = users.get(key)
        if (isUse) {
          const number = pairs.use(spanOf(name), spanOf(value))
          if (known) expect(number).toBe(known.number)
          users.set(key, { number, uses: (known?.uses ?? 0) + 1 })
          expect([pairs.name(number), pairs.value(number)]).toEqual([name, value])
        } else if (known) {
          pairs.release(known.number)
          if (--known.uses === 0) users.delete(key)
        }
        expect(new Set(Array.from(users.values(), (user) => user.number)).size).toBe(users.size)
      }
      const used = Array.from(users.values(), ({ number }) => JSON.stringify([pairs.name(number), pairs.value(number)]))
      expect(used).toEqual([...users.keys()])
    }),
  )
})

test('thousands of pairs are all found again, also after half of them are gone', () => {
  const pairs = new LabelPairs()
  const use = (i: number) => pairs.use(spanOf(`name${i % 7}`), spanOf(`value ${i}`))
  const numbers = Array.from({ length: 5_000 }, (_, i) => use(i))
  expect(numbers).toEqual(numbers.map((_, i) => i))
  for (let i = 0; i < 5_000; i += 2) pairs.release(i)
  for (let i = 1; i < 5_000; i += 2) expect(use(i)).toBe(i)
  expect(use(6_000)).toBeLessThan(5_000)
})
