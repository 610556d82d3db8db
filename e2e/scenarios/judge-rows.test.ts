import { expect, test } from 'vitest'
import { judgeRows } from './judge-rows.ts'

const request = (from: number, count: number, isAcked = true, unsureAttempts = 0) => ({
  from,
  count,
  isAcked,
  unsureAttempts,
})

test('rows are judged by the answers their requests had', () => {
  const requests = [request(0, 3), request(3, 2, true, 1), request(5, 1, false, 2)]
  const copies = new Map([
    [0, 1],
    [2, 2],
    [3, 2],
    [4, 1],
    [5, 1],
    [9, 1],
  ])
  expect(judgeRows(requests, copies)).toEqual({ acked: 5, lost: 1, doubled: 1, repeated: 1, unknown: 1 })
})

test('rows of an attempt without an answer may be there or not', () => {
  expect(judgeRows([request(0, 2, false, 1)], new Map([[1, 1]]))).toMatchObject({ lost: 0, doubled: 0, unknown: 0 })
})
