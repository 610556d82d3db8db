import { expect, test } from 'vitest'
import { ByteBudget } from './byte-budget.ts'

test('one workspace alone may hold two thirds, and gives everything back', () => {
  const budget = new ByteBudget(300)
  const share = budget.open(1)
  expect(share.room()).toBe(200)
  share.take(200)
  expect(() => share.take(1)).toThrow('too much is being received at once')
  share.close()
  expect(budget.open(1).room()).toBe(200)
})

test('a workspace that holds nothing gets in beside one that holds all it may', () => {
  const budget = new ByteBudget(300)
  budget.open(1).take(200)
  const other = budget.open(2)
  expect(other.room()).toBe(66)
  other.take(60)
  expect(() => budget.open(1).take(1)).toThrow('retry')
})

test('nothing is taken once a share is closed', () => {
  const share = new ByteBudget(300).open(1)
  share.take(10)
  share.close()
  expect(() => share.take(1)).toThrow('the sender went away')
  share.close()
})

test('several requests of a workspace share what is its own', () => {
  const budget = new ByteBudget(50_000)
  budget.open(1).take(15_000)
  budget.open(1).take(15_000)
  expect(budget.open(1).room()).toBe(3_333)
})
