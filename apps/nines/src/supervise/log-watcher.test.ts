import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { briefWarning, LogWatcher } from './log-watcher.ts'

test.each([
  ['{"level":40,"msg":"slow"}', 'slow'],
  ['{"level":50,"msg":"failed","error":"no route"}', 'failed: no route'],
  ['{"level":60,"msg":"crash","err":{"message":"boom"}}', 'crash: boom'],
  ['{"level":30,"msg":"fine"}', undefined],
  ['    at stack (file.ts:1)', undefined],
  ['{broken', undefined],
])('%s', (line, expected) => expect(briefWarning(line)).toBe(expected))

test('shows only what is appended, whole lines, a few at a time', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-log-'))
  const file = path.join(folder, 'store.log')
  writeFileSync(file, '{"level":50,"msg":"old"}\n')
  const shown: string[] = []
  const watcher = new LogWatcher((line) => shown.push(line))
  watcher.follow('store', file)
  appendFileSync(file, '{"level":40,"msg":"fir')
  watcher.look()
  expect(shown).toEqual([])
  appendFileSync(file, 'st"}\n')
  watcher.look()
  expect(shown).toEqual(['store: first'])
  appendFileSync(file, '{"level":40,"msg":"again"}\n'.repeat(5))
  watcher.look()
  expect(shown.slice(1)).toEqual(['store: again', 'store: again', 'store: again', `store: 2 more in ${file}`])
  watcher.stop()
  rmSync(folder, { recursive: true })
})
