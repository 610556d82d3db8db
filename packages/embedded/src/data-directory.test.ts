import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { explainFileError, prepareDataDirectory } from './data-directory.ts'

test.each([
  ['EACCES', /no permission.*\/data.*NINES_DATA_DIR/],
  ['ENOSPC', /no space left.*\/data.*NINES_DATA_DIR/],
  ['EROFS', /read-only.*NINES_DATA_DIR/],
  ['EWHATEVER', /cannot use \/data/],
])('%s says what to do', (code, expected) => {
  const error = explainFileError(Object.assign(new Error('x'), { code }), '/data')
  expect(error.message).toMatch(expected)
  expect(error.code).toBe('unavailable')
})

test('a nearly full disk refuses a new directory, and not one that has data already', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-data-directory-'))
  try {
    expect(() => prepareDataDirectory(folder, 2 ** 60)).toThrow(/only \d+ MB are free/)
    writeFileSync(path.join(folder, 'appendonly.aof'), 'x')
    expect(prepareDataDirectory(folder, 2 ** 60)).toBe(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
