import { describe, expect, test } from 'vitest'
import { parseJson } from './parse-json.ts'

describe('OTLP, JSON Protobuf Encoding: 64-bit integers may be numbers as well as strings', () => {
  test.each([
    ['{"intValue":9007199254740993}', { intValue: '9007199254740993' }],
    ['{"intValue": -9223372036854775808}', { intValue: '-9223372036854775808' }],
    ['[1795348800123456789,2]', ['1795348800123456789', 2]],
    ['{"a":9007199254740991,"b":18446744073709551615}', { a: 9_007_199_254_740_991, b: '18446744073709551615' }],
  ])('%s is exact', (text, value) => {
    expect(parseJson(Buffer.from(text))).toEqual(value)
  })

  test('other numbers and texts stay as they are', () => {
    const value = { a: 0.12345678901234568, b: 1.7976931348623157e308, c: ': 12345678901234567890', d: [1, null, true] }
    expect(parseJson(Buffer.from(JSON.stringify(value)))).toEqual(value)
    expect(parseJson(Buffer.from('{"a":12345678901234567.5,"b":1e25}'))).toEqual({ a: 12_345_678_901_234_568, b: 1e25 })
  })

  test('what is no JSON is refused', () => {
    expect(() => parseJson(Buffer.from('{"a":12345678901234567'))).toThrow(/the body is not valid JSON/)
  })
})
