import type { WeeklyRotation } from '@nines/contracts'
import { describe, expect, test } from 'vitest'
import { turnAt, turnsBetween } from './weekly-rotation.ts'

const at = (iso: string) => Date.parse(iso)
const rotation = (change: Partial<WeeklyRotation> = {}): WeeklyRotation => ({
  timeZone: 'Europe/Berlin',
  handoffWeekday: 1,
  handoffTime: '09:00',
  startsOn: '2026-01-05',
  participants: ['ada', 'ben', 'cleo'],
  ...change,
})

describe('local weeks', () => {
  test('a handoff keeps its local time across both changes of the clocks', () => {
    const turns = turnsBetween(rotation(), at('2026-03-23T08:00Z'), at('2026-04-06T07:00Z'))
    expect(turns.map((t) => [t.userId, new Date(t.startsAt).toISOString()])).toEqual([
      ['cleo', '2026-03-23T08:00:00.000Z'],
      ['ada', '2026-03-30T07:00:00.000Z'],
    ])
    expect(new Date(turnAt(rotation(), at('2026-10-26T08:00Z')).startsAt).toISOString()).toBe(
      '2026-10-26T08:00:00.000Z',
    )
  })

  test.each([
    ['skipped 02:30 becomes 03:00', 'Europe/Berlin', '2026-03-29', '02:30', '2026-03-29T01:00:00.000Z'],
    ['repeated 02:30 is the first one', 'Europe/Berlin', '2026-10-25', '02:30', '2026-10-25T00:30:00.000Z'],
    ['a skip at midnight', 'America/Santiago', '2026-09-06', '00:00', '2026-09-06T04:00:00.000Z'],
    ['a skip of half an hour', 'Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:30:00.000Z'],
    ['a day that did not happen', 'Pacific/Apia', '2011-12-30', '12:00', '2011-12-30T10:00:00.000Z'],
  ])('%s', (_name, timeZone, startsOn, handoffTime, expected) => {
    const handoffWeekday = new Date(startsOn).getUTCDay() || 7
    const found = turnAt(rotation({ timeZone, startsOn, handoffTime, handoffWeekday }), at(expected))
    expect(new Date(found.startsAt).toISOString()).toBe(expected)
    expect(found.userId).toBe('ada')
  })
})

describe('order', () => {
  test('the week of startsOn belongs to the first, also when it is not a handoff day', () => {
    const midweek = rotation({ startsOn: '2026-01-07' })
    expect(turnAt(midweek, at('2026-01-05T08:00Z')).userId).toBe('ada')
    expect(turnAt(midweek, at('2026-01-05T07:59Z')).userId).toBe('cleo')
    expect(turnAt(midweek, at('2026-01-12T08:00Z')).userId).toBe('ben')
  })
  test('it runs backwards before the start and never ends', () => {
    expect(turnAt(rotation(), at('2025-12-22T12:00Z')).userId).toBe('ben')
    // 522 weeks later, a multiple of three.
    expect(turnAt(rotation(), at('2036-01-07T12:00Z')).userId).toBe('ada')
  })
  test('one participant hands over to themselves', () => {
    const turns = turnsBetween(rotation({ participants: ['ada'] }), at('2026-01-05T08:00Z'), at('2026-01-19T08:00Z'))
    expect(turns.map((t) => t.userId)).toEqual(['ada', 'ada'])
  })
})

test('an unknown zone is named', () => {
  expect(() => turnAt(rotation({ timeZone: 'Mars/Base' }), 0)).toThrow('Mars/Base is not an IANA time zone')
  expect(() => turnAt(rotation({ timeZone: '+02:00' }), 0)).toThrow('is not an IANA time zone')
})
