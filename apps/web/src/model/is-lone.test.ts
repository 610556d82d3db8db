import { expect, test } from 'vitest'
import { isLone } from './is-lone.ts'

test.each([
  [[1], [true]],
  [
    [1, 2],
    [false, false],
  ],
  [
    [null, 0, null],
    [false, true, false],
  ],
  [
    [5, null, 6, 7],
    [true, false, false, false],
  ],
  [
    [null, null],
    [false, false],
  ],
])('%j: which have no line through them', (values, lone) => {
  expect(values.map((_, place) => isLone(values, place))).toEqual(lone)
})
