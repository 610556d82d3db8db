import { expect, test } from 'vitest'
import { explainFileError } from './data-directory.ts'

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
