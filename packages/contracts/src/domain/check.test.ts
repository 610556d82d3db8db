import { describe, expect, it } from 'vitest'
import { httpCheckConfig } from './check.ts'

const config = (extra: object) => ({ kind: 'http', url: 'https://shop.example/', ...extra })
const asserting = (assertion: object) => config({ assertions: [assertion] })

const refused: [string, object][] = [
  ['another scheme', config({ url: 'ftp://shop.example/' })],
  ['a status that does not exist', asserting({ on: 'status', op: 'equals', value: 2 })],
  ['a class that does not exist', asserting({ on: 'status', op: 'in_class', value: 200 })],
  ['a status as text', asserting({ on: 'status', op: 'equals', value: '200' })],
  ['a comparison that the subject lacks', asserting({ on: 'body', op: 'below', value: 'x' })],
  ['a number where text belongs', asserting({ on: 'body', op: 'contains', value: 5 })],
  ['a duration that nothing can meet', asserting({ on: 'duration_ms', op: 'below', value: 0 })],
  ['a header name with a space', asserting({ on: 'header', name: 'x y', op: 'equals', value: '' })],
  ['a header that would split the request', config({ headers: { 'x-a': 'b\r\nhost: c' } })],
  ['a header name that would split the request', config({ headers: { 'x-a: b\r\nx': 'c' } })],
]

describe('httpCheckConfig', () => {
  it.each(refused)('refuses %s', (_, input) => {
    expect(httpCheckConfig.safeParse(input).success).toBe(false)
  })
  it('asserts a 2xx status unless told otherwise', () => {
    expect(httpCheckConfig.parse(config({})).assertions).toEqual([{ on: 'status', op: 'in_class', value: 2 }])
  })
})
