import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { loadCode } from '../load-code.ts'
import { whereOf } from './problem.ts'
import { readDocuments } from './read-documents.ts'

const service = (name: string) => `apiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: ${name}\nspec: {}\n`
const read = (content: string) => readDocuments({ path: 'a.yaml', content })

describe('what a file holds', () => {
  test('documents, their comments kept, empty ones left out', () => {
    const { documents, problems } = read(`# about a\n${service('a')}---\n# only words\n---\n${service('b')}...\n---\n`)
    expect(problems).toEqual([])
    expect(documents.map((one) => one.text)).toEqual([`# about a\n${service('a')}`, service('b')])
    expect(documents.map((one) => one.at([], '').line)).toEqual([2, 10])
  })

  test('sequences, JSON and Kubernetes lists: each object a document', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${service('a').replaceAll('\n', '\n  ').trim()}\n`
    const names = (content: string) =>
      read(content).documents.map((one) => (one.value['metadata'] as { name: string }).name)
    expect(names(list)).toEqual(['a'])
    expect(names(JSON.stringify([parse(service('a')), parse(service('b'))]))).toEqual(['a', 'b'])
    expect(names(JSON.stringify(parse(service('a')), null, 2))).toEqual(['a'])
  })

  test('the text of each reads as the same object again', () => {
    const hard = {
      date: '2022-01-01 12:00:00',
      yes: 'yes',
      number: '0123',
      octal: '0o17',
      many: 'a\n  b\n',
      null: null,
      float: 0.1,
      big: 1e21,
      on: { off: ['~', '', ' x '] },
    }
    const kept = read('a: |+\n  x\n\n\n').documents[0]
    expect(parse(kept?.text ?? '')).toEqual({ a: 'x\n\n\n' })
    const [one] = read(JSON.stringify([hard])).documents
    expect(parse(one?.text ?? '')).toEqual(hard)
    expect(parse(one?.text ?? '', { version: '1.1' })).toEqual(hard)
  })

  test('words that YAML 1.1 takes for something else stay as they are written', () => {
    expect(read('a: yes\nb: 2022-01-01 12:00:00\nc: 0o17\nd: 012\n').documents[0]?.value).toEqual({
      a: 'yes',
      b: '2022-01-01 12:00:00',
      c: 15,
      d: 12,
    })
  })
})

describe('what is wrong is told with file, document, line and path', () => {
  test('in the second document', () => {
    const bad = `apiVersion: openslo/v1\nkind: Service\nmetadata:\n  name: b c\n  lables: {}\n`
    const { problems } = loadCode([{ path: 'slo/x.yaml', content: `${service('a')}---\n${bad}` }])
    expect(problems.map((one) => `${whereOf(one)}: ${one.message}`)).toEqual([
      'slo/x.yaml:10 (document 2) metadata.name: use letters, digits and hyphens, at most 63 characters',
      'slo/x.yaml:11 (document 2) metadata.lables: is not a field here',
      'slo/x.yaml:7 (document 2) spec: is required',
    ])
  })

  test.each([
    ['a: [1', 'a.yaml:1 (document 1)'],
    [`${service('a')}---\na: 1\na: 2\n`, 'a.yaml:8 (document 2)'],
    ['just text', 'a.yaml:1 (document 1)'],
    ['- 1\n- 2\n', 'a.yaml:2 (document 1)'],
    ['a: *nowhere\n', 'a.yaml:1 (document 1)'],
    ['\ta: 1', 'a.yaml:1 (document 1)'],
  ])('%j', (content, where) => {
    expect(read(content).problems.map(whereOf)).toContain(where)
  })

  test('a bomb of aliases and a tower of brackets are refused', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`)
    const bomb = `a0: &a0 [x]\n${levels.join('\n')}\n`
    expect(read(bomb).problems[0]?.message).toContain('too many aliases')
    expect(read('['.repeat(100_000)).problems.length).toBeGreaterThan(0)
  })

  test('several files: two of one name, and one SLO made twice', () => {
    const file = (path: string, content: string) => ({ path, content })
    const twice = loadCode([file('a.yaml', service('a')), file('b.yaml', service('a'))])
    expect(twice.problems.map((one) => `${whereOf(one)}: ${one.message}`)).toEqual([
      'b.yaml:4 (document 1) metadata.name: Service a is in a.yaml:1 already',
    ])
    const again = loadCode([file('a.yaml', `${service('a')}---\n${service('a')}`)])
    expect(again.problems).toEqual([])
    expect(again.documents.map((one) => one.line)).toEqual([7])
  })

  test('objects of other software are refused, or passed over on demand', () => {
    const files = [{ path: 'k.yaml', content: 'apiVersion: apps/v1\nkind: Deployment\n' }]
    expect(loadCode(files).problems).toHaveLength(1)
    const loaded = loadCode(files, { skipForeign: true })
    expect([loaded.problems, loaded.skipped.map(whereOf)]).toEqual([[], ['k.yaml:1 (document 1) apiVersion']])
  })
})
