import { expect, test } from 'vitest'
import { timeSummary } from './time-summary.ts'

const tally = { passed: 1, failed: 0 }

test('stages in their order, the whole, and the ten slowest files of all stages', () => {
  const unit = Array.from({ length: 12 }, (_, i) => ({ file: `unit-${i}.test.ts`, seconds: i / 10 }))
  const stages = [
    { title: 'Checks', tally, seconds: 61.04 },
    { title: 'Unit tests', tally, seconds: 123, files: unit },
    { title: 'Integration tests', tally, seconds: 456.78, files: [{ file: 'a.int.test.ts', seconds: 0.75 }] },
  ]
  expect(timeSummary(stages, 1040.06).split('\n')).toEqual([
    'Time by stage',
    '     61.0 s  Checks',
    '    123.0 s  Unit tests',
    '    456.8 s  Integration tests',
    '   1040.1 s  All',
    '',
    'Slowest test files',
    '      1.1 s  unit-11.test.ts',
    '      1.0 s  unit-10.test.ts',
    '      0.9 s  unit-9.test.ts',
    '      0.8 s  unit-8.test.ts',
    '      0.8 s  a.int.test.ts',
    '      0.7 s  unit-7.test.ts',
    '      0.6 s  unit-6.test.ts',
    '      0.5 s  unit-5.test.ts',
    '      0.4 s  unit-4.test.ts',
    '      0.3 s  unit-3.test.ts',
    '',
  ])
})

test('nothing about files where no stage has any', () => {
  expect(timeSummary([{ title: 'Checks', tally, seconds: 1 }], 1)).toBe(
    'Time by stage\n      1.0 s  Checks\n      1.0 s  All\n',
  )
})
