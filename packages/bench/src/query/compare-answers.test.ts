import { expect, test } from 'vitest'
import { compareAnswers } from './compare-answers.ts'

const answer = (rows: Record<string, number[]>) =>
  new Map(Object.entries(rows).map(([name, values]) => [name, Float64Array.from(values)]))

test('equal answers do not differ, absent values included', () => {
  const one = answer({ a: [1, NaN], b: [0, 3] })
  expect(compareAnswers(one, answer({ b: [0, 3], a: [1, NaN] }))).toEqual({
    rows: 2,
    values: 3,
    unmatched: 0,
    largest: 0,
  })
})

test('differences are relative, and what only one has is counted', () => {
  const difference = compareAnswers(answer({ a: [1, 2, NaN], b: [1] }), answer({ a: [1, 1, 5], c: [1] }))
  expect(difference).toMatchObject({ unmatched: 3, largest: 0.5 })
})
