import { describe, expect, it } from 'vitest'
import { parseTargetFile } from './parse-target-file.ts'

describe('parseTargetFile', () => {
  it.each([
    ['/t.json', '[{"targets": ["a:1"], "labels": {"env": "prod"}}]', [{ targets: ['a:1'], labels: { env: 'prod' } }]],
    ['/t.yml', '- targets: [a:1, "b:2"]\n  labels: { v: 2 }', [{ targets: ['a:1', 'b:2'], labels: { v: '2' } }]],
    ['/t.yml', '- targets: []', [{ targets: [], labels: {} }]],
    ['/t.json', '[]', []],
    ['/t.yaml', '', []],
  ])('reads %s with %j', (path, text, expected) => {
    expect(parseTargetFile(path, text)).toEqual(expected)
  })

  it.each([
    ['/t.json', '', '/t.json'],
    ['/t.json', '[{"targets": ["a:1"]', '/t.json:1'],
    ['/t.json', '{}', '/t.json:1'],
    ['/t.yml', '- targets: [a:1]\n- target: [b:1]', '/t.yml:2: [1].target'],
    ['/t.yml', '- targets: [a:1]\n  labels:\n    "x-y": 1', '/t.yml:3: [0].labels.x-y'],
    ['/t.yml', '- targets: [[]]', '/t.yml:1: [0].targets[0]'],
  ])('says where %s with %j is wrong', (path, text, where) => {
    const parsed = parseTargetFile(path, text)
    expect('problems' in parsed && parsed.problems.map((problem) => problem.where)).toContainEqual(
      expect.stringContaining(where),
    )
  })
})
