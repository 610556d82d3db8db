import { NinesError } from '@nines/kernel'
import { expect, test } from 'vitest'
import { Gathering, type ReadKind } from './gathering.ts'

/** Doubles numbers, those of one parity together, ten at most; odd sevens are refused. */
function doublingOf() {
  const asked: number[][] = []
  const kind: ReadKind<null, number, number> = {
    most: 10,
    cost: () => 1,
    canJoin: (a, b) => a % 2 === b % 2,
    run: async (_source, queries) => {
      asked.push([...queries])
      if (queries.includes(7)) throw new NinesError('invalid', 'seven')
      return queries.map((query) => query * 2)
    },
  }
  return { kind, asked }
}

/** Gives numbers back, ten at most by their weight, five for one that is not known; sevens cannot be weighed. */
function weighedBy(weightOf: (query: number) => number) {
  const asked: number[][] = []
  const weighed: number[][] = []
  const kind: ReadKind<null, number, number> = {
    most: 10,
    cost: () => 5,
    canJoin: () => true,
    weigh: async (_source, queries) => {
      weighed.push([...queries])
      if (queries.includes(7)) throw new NinesError('unavailable', 'no scales')
      return queries.map(weightOf)
    },
    run: async (_source, queries) => {
      asked.push([...queries])
      return [...queries]
    },
  }
  return { kind, asked, weighed }
}

test('what is asked at the same time is asked as one, as far as it goes together', async () => {
  const { kind, asked } = doublingOf()
  const gathering = new Gathering(null)
  const numbers = [...Array.from({ length: 12 }, (_, i) => 2 * i), 1, 3]
  const answers = await Promise.all(numbers.map((query) => gathering.ask(kind, query)))
  expect(answers).toEqual(numbers.map((query) => query * 2))
  expect(asked).toEqual([
    [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
    [20, 22],
    [1, 3],
  ])
  expect(await gathering.ask(kind, 5)).toBe(10)
})

test('those who got an answer ask their next question together', async () => {
  const { kind, asked } = doublingOf()
  const gathering = new Gathering(null)
  const twice = async (query: number) => gathering.ask(kind, await gathering.ask(kind, query))
  expect(await Promise.all([2, 4, 6].map(twice))).toEqual([8, 16, 24])
  expect(asked).toEqual([
    [2, 4, 6],
    [4, 8, 12],
  ])
})

test('what is wrong with one is told to that one alone', async () => {
  const { kind } = doublingOf()
  const gathering = new Gathering(null)
  const outcomes = await Promise.allSettled([3, 7, 9].map((query) => gathering.ask(kind, query)))
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('where too much waits by what was asked for, the source says what it is', async () => {
  const { kind, asked, weighed } = weighedBy((query) => (query === 4 ? 10 : 1))
  const ask = (numbers: number[]) => {
    const gathering = new Gathering(null)
    return Promise.all(numbers.map((query) => gathering.ask(kind, query)))
  }
  expect(await ask([1, 2, 3, 4, 5])).toEqual([1, 2, 3, 4, 5])
  expect([asked.splice(0), weighed.splice(0)]).toEqual([[[1, 2, 3, 5], [4]], [[1, 2, 3, 4, 5]]])
  // Few enough by any measure, and what cannot be weighed.
  expect(await ask([1, 2])).toEqual([1, 2])
  expect(await ask([6, 7, 8])).toEqual([6, 7, 8])
  expect([asked, weighed]).toEqual([[[1, 2], [6, 7], [8]], [[6, 7, 8]]])
})

test('what somebody weighed already is not weighed again', async () => {
  const { kind, asked, weighed } = weighedBy(() => 1)
  const gathering = new Gathering<null>(null)
  kind.isWeighed = (query) => query < 4
  await Promise.all([1, 2, 3, 4, 5, 6].map((query) => gathering.ask(kind, query)))
  expect([asked, weighed]).toEqual([
    [
      [1, 2],
      [3, 4, 5, 6],
    ],
    [[4, 5, 6]],
  ])
})

test('so many questions are open at once, each answer goes to who asked, and one that is refused stops no other', async () => {
  const { promise: second, resolve: answerSecond } = Promise.withResolvers<void>()
  let [open, most] = [0, 0]
  const order: number[] = []
  const kind: ReadKind<null, number, number> = {
    most: 1,
    parallel: 2,
    cost: () => 1,
    canJoin: () => false,
    run: async (_source, [query = 0]) => {
      most = Math.max(most, ++open)
      // The first is answered while the second is open still.
      if (query === 2) await second
      open--
      if (query === 3) throw new NinesError('invalid', 'three')
      return [query * 10]
    },
  }
  const gathering = new Gathering(null)
  const answers = [1, 2, 3, 4].map(async (query) => {
    const answer = await gathering.ask(kind, query).finally(() => order.push(query))
    if (query === 4) answerSecond()
    return answer
  })
  const outcomes = await Promise.allSettled(answers)
  expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : null))).toEqual([10, 20, null, 40])
  expect([most, order]).toEqual([2, [1, 3, 4, 2]])
})
