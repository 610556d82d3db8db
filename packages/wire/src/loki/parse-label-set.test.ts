import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseLabelSet } from './parse-label-set.ts'

const PUNCTUATION = Array.from('{}=",`\\ax0u1 \n')

describe('parseLabelSet', () => {
  test.each<[string, Record<string, string>]>([
    ['{}', {}],
    ['{a="b"}', { a: 'b' }],
    [' { a = "b" , c="d" , } ', { a: 'b', c: 'd' }],
    ['{_x1="", b="c"}', { b: 'c' }],
    [String.raw`{a="q\"\\\n\tÄ"}`, { a: 'q"\\\n\tÄ' }],
    [String.raw`{a="\x41\101\u00e4\U0001F600"}`, { a: 'AAä😀' }],
    [String.raw`{a="\xc3\xa4\xff"}`, { a: 'ä\ufffd' }],
    ['{a=`\\n"x"`}', { a: '\\n"x"' }],
    ['{a="x=\\",}{"}', { a: 'x=",}{' }],
    ['{__proto__="x"}', JSON.parse('{"__proto__":"x"}') as Record<string, string>],
  ])('reads %s', (text, labels) => {
    expect(parseLabelSet(text)).toEqual(new Map(Object.entries(labels)))
  })

  test.each([
    ['', 'expected { at character 1, found the end'],
    ['{a="b"', 'expected } at character 7, found the end'],
    ['{a="b"} x', 'expected nothing more at character 9, found "x"'],
    ['{a="b" c="d"}', 'expected } at character 8, found "c=\\"d\\"}"'],
    ['{="b"}', 'expected a label name at character 2, found "=\\"b\\"}"'],
    ['{1a="b"}', 'expected a label name at character 2, found "1a=\\"b\\"}"'],
    ['{a:"b"}', 'expected = at character 3, found ":\\"b\\"}"'],
    ['{a=~"b"}', 'expected = and a value in quotes at character 4, found "~\\"b\\"}"'],
    ['{a!="b"}', 'expected = at character 3, found "!=\\"b\\"}"'],
    ["{a='b'}", `expected = and a value in quotes at character 4, found "'b'}"`],
    ['{a="b', 'a value has no end at character 6, found the end'],
    ['{a="b\nc"}', 'a value has no end at character 6, found "\\nc\\"}"'],
    ['{a=`b', 'a value has no end at character 5, found "b"'],
    ['{a="b", a="c"}', 'label a stands twice at character 9, found "a=\\"c\\"}"'],
    [String.raw`{a="\q"}`, String.raw`\q is no escape at character 5, found "\\q\"}"`],
    [String.raw`{a="\x4"}`, String.raw`an escape is incomplete at character 5, found "\\x4\"}"`],
    [String.raw`{a="\ud800"}`, String.raw`an escape is no character at character 5, found "\\ud800\"}"`],
    [String.raw`{a="\777"}`, String.raw`an escape is no byte at character 5, found "\\777\"}"`],
  ])('says what is wrong with %s', (text, fault) => {
    expect(parseLabelSet(text)).toBe(`its labels cannot be read: ${fault}`)
  })

  test('reads what Go or JSON writes, and never throws', () => {
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]*$/)
    const value = fc.string({ unit: 'grapheme', minLength: 1 })
    fc.assert(
      fc.property(fc.dictionary(name, value), (labels) => {
        const text = Object.entries(labels).map(([key, label]) => `${key}=${JSON.stringify(label)}`)
        // Go writes no \/ and no surrogates; JSON.stringify neither.
        expect(parseLabelSet(`{${text.join(',')}}`)).toEqual(new Map(Object.entries(labels)))
      }),
    )
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...PUNCTUATION) }), (text) => void parseLabelSet(text)))
  })
})
