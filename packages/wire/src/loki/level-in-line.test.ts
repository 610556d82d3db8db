import { describe, expect, test } from 'vitest'
import { levelInLine } from './level-in-line.ts'

describe('the level in a line', () => {
  test.each([
    ['ts=1 level=warn msg="disk is full"', 13],
    ['{"time":"2026-11-26","level":"error","msg":"info: none"}', 17],
    ['{"level":30,"time":1732640000000,"msg":"up"}', 9],
    ['{"severity" : "CRITICAL"}', 18],
    ['lvl=dbug t=x', 5],
    ['2026-11-26 10:00:00 log.level: Information', 9],
    ['E1126 17:02:11.123456   1 reflector.go:147] failed', 17],
    ['2026-11-26 10:00:00,123 WARN  c.e.Shop - slow', 13],
    ['[error] 12#0: *1 open() failed', 17],
    ['fatal: not a repository', 21],
    ['PANIC: out of memory', 21],
    // A name whose value is no level leaves the rest of the line to be looked at.
    ['level=5 severity=info', 9],
    ['level=high ERROR', 17],
  ])('%s', (line, severity) => {
    expect(levelInLine(line)).toBe(severity)
  })

  test.each([
    '',
    'GET /information 200',
    'no error found',
    'user warned about debugging',
    'sea-level=high',
    'level=300',
    'INFORMATION',
    'Error in the middle of Nowhere',
  ])('is none in %j', (line) => {
    expect(levelInLine(line)).toBe(0)
  })
})
