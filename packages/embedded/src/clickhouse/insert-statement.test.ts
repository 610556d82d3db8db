import { describe, expect, test } from 'vitest'
import { parseInsert } from './insert-statement.ts'

const parsed = (sql: string) => {
  const found = parseInsert(sql)
  return found && { ...found, payload: sql.slice(found.payloadStart), payloadStart: undefined }
}

describe('inserts that carry rows', () => {
  test.each([
    ['INSERT INTO t FORMAT JSONEachRow', { head: 'INSERT INTO t', settings: '', format: 'JSONEachRow', payload: '' }],
    [
      'INSERT INTO t FORMAT TSV\na\tb\n\nc',
      { head: 'INSERT INTO t', settings: '', format: 'TSV', payload: 'a\tb\n\nc' },
    ],
    [
      'insert into table d.t (a, b) format CSV\n1,2',
      { head: 'insert into table d.t (a, b)', settings: '', format: 'CSV', payload: '1,2' },
    ],
    [
      'INSERT INTO `odd ( name`.t VALUES (1), (2)',
      { head: 'INSERT INTO `odd ( name`.t', settings: '', format: 'Values', payload: ' (1), (2)' },
    ],
    [
      'INSERT INTO t (`a)b`, c) VALUES (1)',
      { head: 'INSERT INTO t (`a)b`, c)', settings: '', format: 'Values', payload: ' (1)' },
    ],
    [
      '/* x */ INSERT -- y\n INTO t FORMAT RowBinary',
      { head: '/* x */ INSERT -- y\n INTO t', settings: '', format: 'RowBinary', payload: '' },
    ],
    [
      `INSERT INTO t SETTINGS async_insert = 0, insert_deduplication_token='a, b' FORMAT Native`,
      {
        head: 'INSERT INTO t',
        settings: `SETTINGS async_insert = 0, insert_deduplication_token='a, b'`,
        format: 'Native',
        payload: '',
      },
    ],
    [
      'INSERT INTO {table:Identifier} FORMAT TSV',
      { head: 'INSERT INTO {table:Identifier}', settings: '', format: 'TSV', payload: '' },
    ],
  ])('%s', (sql, expected) => expect(parsed(sql)).toEqual(expected))
})

test.each([
  'INSERT INTO t SELECT 1 FORMAT Null',
  'INSERT INTO t (a) WITH x AS (SELECT 1) SELECT * FROM x',
  `INSERT INTO t FROM INFILE 'f' FORMAT TSV`,
  `INSERT INTO FUNCTION file('x') VALUES (1)`,
  `SELECT 'INSERT INTO t VALUES (1)'`,
  '',
])('leaves alone: %s', (sql) => expect(parsed(sql)).toBeUndefined())
