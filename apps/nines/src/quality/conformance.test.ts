import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.join(import.meta.dirname, '../../../..')
const ROW = /^\| (.+) \| `([^`]+)` \|$/gm
const text = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

test('docs/conformance.md: every requirement of OTLP and remote write has the test that is promised', () => {
  const rows = [...text('docs/conformance.md').matchAll(ROW)]
  expect(rows.length).toBeGreaterThan(100)
  const missing = rows.filter(([, requirement = '', file = '']) => !text(file).includes(requirement))
  expect(missing.map(([row]) => row)).toEqual([])
})
