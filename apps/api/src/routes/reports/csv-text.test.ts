import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvText } from './csv-text.ts'
import { parseCsv } from './parse-csv.fixture.ts'

test('as RFC 4180 writes it', () => {
  expect(
    csvText([
      ['a', 'b'],
      ['x, y', 'say "no"'],
      ['two\nlines', null],
      [0.1 + 0.2, -5],
    ]),
  ).toBe('a,b\r\n"x, y","say ""no"""\r\n"two\nlines",\r\n0.30000000000000004,-5\r\n')
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', "=cmd|' /C calc'!A0"])('%j is no formula', (text) => {
  expect(parseCsv(csvText([[text]]))).toEqual([[`'${text}`]])
})

test('whatever text comes back as it was, and numbers to their last digit', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', ' ', 'é', '=', '1') })
  const harmless = text.filter((value) => !/^[=+\-@\t\r]/.test(value))
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0))
  fc.assert(
    fc.property(fc.array(fc.tuple(harmless, number, harmless), { minLength: 1 }), (rows) => {
      const read = parseCsv(csvText(rows))
      expect(read.map(([a, b, c]) => [a, Number(b), c])).toEqual(rows)
    }),
  )
})
