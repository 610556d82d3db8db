import { expect, test } from 'vitest'
import { freeMemory } from './free-memory.ts'

test('memory of one buffer is given back, views on it see nothing any more', () => {
  const bytes = Buffer.from(new ArrayBuffer(10_000))
  const view = bytes.subarray(10, 20)
  freeMemory(bytes)
  expect([bytes.length, view.length]).toEqual([0, 0])
  freeMemory(bytes)
})

test('memory that others may look at stays', () => {
  const whole = Buffer.from(new ArrayBuffer(10_000))
  freeMemory(whole.subarray(0, 9_000))
  expect(whole.length).toBe(10_000)
  const pooled = Buffer.from('from the pool')
  freeMemory(pooled)
  expect(pooled.toString()).toBe('from the pool')
})
