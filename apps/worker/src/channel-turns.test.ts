import { expect, test } from 'vitest'
import { ChannelTurns, TURNS_AT_ONCE } from './channel-turns.ts'

const enter = (turns: ChannelTurns, channelId: string, times: number) =>
  Array.from({ length: times }, () => turns.enter(channelId, 0)?.waitMs ?? null)

test('a channel gets so many turns at once and others get theirs all the same', () => {
  const turns = new ChannelTurns()
  expect(enter(turns, 'hanging', 500).filter((wait) => wait === null)).toHaveLength(TURNS_AT_ONCE)
  expect(enter(turns, 'other', 1)).toEqual([null])
  turns.leave('hanging', 10_000)
  expect(enter(turns, 'hanging', 2)[0]).toBeNull()
})

test('those that wait come back in as many rounds as the channel needs for them, at most ten seconds later', () => {
  const turns = new ChannelTurns()
  enter(turns, 'quick', TURNS_AT_ONCE)
  turns.leave('quick', 400)
  expect(enter(turns, 'quick', 1 + 2 * TURNS_AT_ONCE)).toEqual([
    null,
    ...Array.from({ length: 2 * TURNS_AT_ONCE }, (_, i) => Math.max(100, Math.round((400 * (i + 1)) / TURNS_AT_ONCE))),
  ])
  turns.leave('quick', 10_000)
  expect(enter(turns, 'quick', 100).at(-1)).toBe(10_000)
})

test('waits are spread by up to a fifth', () => {
  const turns = new ChannelTurns()
  enter(turns, 'a', TURNS_AT_ONCE)
  turns.leave('a', 8_000)
  enter(turns, 'a', 1)
  expect(turns.enter('a', 0)?.waitMs).toBe(1_000)
  expect(turns.enter('a', 1)?.waitMs).toBe(2_400)
})

test('a channel without anything under way is forgotten: its next attempts get turns', () => {
  const turns = new ChannelTurns()
  for (let i = 0; i < 100; i++) {
    expect(turns.enter('a', 0)).toBeNull()
    turns.leave('a', 10_000)
  }
})
