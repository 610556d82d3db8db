import { describe, expect, test } from 'vitest'
import { bindParameters } from './bind-parameters.ts'

const bind = (sql: string, values: Record<string, string>) => bindParameters(sql, new Map(Object.entries(values)))

describe('bindParameters', () => {
  test.each([
    ['SELECT {a:UInt8}', { a: '7' }, 'SELECT CAST(7 AS UInt8)'],
    ['SELECT {a:UInt64}', { a: '18446744073709551615' }, `SELECT CAST('18446744073709551615' AS UInt64)`],
    ['SELECT {a:String}', { a: `it's\\tx` }, `SELECT 'it\\'s\\tx'`],
    ['SELECT {a:Nullable(String)}', { a: '\\N' }, 'SELECT CAST(NULL AS Nullable(String))'],
    ['SELECT * FROM {t:Identifier}', { t: 'a`b' }, 'SELECT * FROM `a\\`b`'],
    [`SELECT '{a:String}', "{a:String}", {a:String}`, { a: 'x' }, `SELECT '{a:String}', "{a:String}", 'x'`],
  ])('%s', (sql, values, expected) => expect(bind(sql, values)).toBe(expected))

  test('no value can end its literal or bring a line break into the SQL', () => {
    for (const value of [`'; DROP TABLE t; --`, `\\'; DROP TABLE t`, 'a\n\nDROP TABLE t', '\\', `\\\\'`]) {
      const bound = bind('SELECT {a:String}', { a: value })
      expect(bound).toMatch(/^SELECT '(?:[^'\\\n]|\\.)*'$/)
    }
  })

  test('a value that is not given is an error with ClickHouse’s code', () => {
    expect(() => bind('SELECT {a:String}', { b: 'x' })).toThrow(/Code: 456/)
  })
})
