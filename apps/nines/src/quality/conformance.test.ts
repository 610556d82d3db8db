import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const ROOT = path.join(import.meta.dirname, '../../../..')
const ROW = /^\| (?<requirement>.+) \| `(?<file>[^`]+)` \|$/
const text = (file: string) => readFileSync(path.join(ROOT, file), 'utf8')

/** docs/conformance.md promises a test for each requirement. */
const rows = text('docs/conformance.md')
  .split('\n')
  .flatMap((line) => ROW.exec(line)?.groups ?? [])

test('every requirement of OTLP and remote write has the test that is promised', () => {
  expect(rows.length).toBeGreaterThan(100)
  const missing = rows.filter(({ requirement, file }) => !text(file!).includes(requirement!))
  expect(missing).toEqual([])
})
