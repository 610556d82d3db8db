import { emptyBlock } from '@nines/wire'
import { useServices } from '@nines/testkit'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createBlockStream, type BlockStream } from './block-stream.ts'

const services = await useServices()
const open: BlockStream[] = []
let run = 0
let stream: BlockStream
let ids: string[]

beforeEach(async () => {
  stream = createBlockStream({ redisUrl: services.redisUrl, prefix: `${services.redisPrefix}-${run++}` })
  open.push(stream)
  ids = []
  for (let i = 0; i < 4; i++) ids.push(await stream.append(emptyBlock(1)))
})
afterAll(() => Promise.all(open.map((s) => s.close())))

const record = (from: number, to: number, id = `${from}-${to}`) => ({
  id,
  firstId: ids[from]!,
  lastId: ids[to]!,
  count: to - from + 1,
})
const conflict = (why: RegExp) => expect.objectContaining({ code: 'conflict', message: expect.stringMatching(why) })

describe('the lease', () => {
  test('has one owner, who may take it again and prolong it', async () => {
    expect(await stream.acquireLease(0, 'a', 10_000)).toBe(true)
    expect(await stream.acquireLease(0, 'b', 10_000)).toBe(false)
    expect(await stream.acquireLease(0, 'a', 10_000)).toBe(true)
    expect(await stream.renewLease(0, 'a', 10_000)).toBe(true)
    expect(await stream.renewLease(0, 'b', 10_000)).toBe(false)
    expect(await stream.releaseLease(0, 'b')).toBe(false)
    expect(await stream.releaseLease(0, 'a')).toBe(true)
    expect(await stream.acquireLease(0, 'b', 10_000)).toBe(true)
  })

  test('runs out, and then renewing does not bring it back', async () => {
    await stream.acquireLease(0, 'a', 20)
    await sleep(60)
    expect(await stream.renewLease(0, 'a', 10_000)).toBe(false)
    expect(await stream.acquireLease(0, 'b', 10_000)).toBe(true)
  })
})

describe('fencing', () => {
  test('an owner whose lease passed on can neither open, amend nor complete', async () => {
    await stream.acquireLease(0, 'stale', 20)
    await stream.openRecord(0, 'stale', record(0, 1))
    await sleep(60)
    await expect(stream.completeRecord(0, 'stale', '0-1')).rejects.toEqual(conflict(/not held/))
    await stream.acquireLease(0, 'fresh', 10_000)
    await expect(stream.completeRecord(0, 'stale', '0-1')).rejects.toEqual(conflict(/not held/))
    await expect(stream.excludeFromRecord(0, 'stale', '0-1', [ids[0]!])).rejects.toEqual(conflict(/not held/))
    await expect(stream.openRecord(0, 'stale', record(2, 3))).rejects.toEqual(conflict(/not held/))
    expect(await stream.storePosition(0)).toBe('0-0')

    expect(await stream.readOpenRecord(0)).toEqual(record(0, 1))
    await stream.completeRecord(0, 'fresh', '0-1')
    expect(await stream.storePosition(0)).toBe(ids[1])
  })
})

describe('records', () => {
  beforeEach(() => stream.acquireLease(0, 'a', 30_000))

  test('follow each other without a gap, one at a time', async () => {
    await expect(stream.openRecord(0, 'a', record(1, 2))).rejects.toEqual(conflict(/first entry behind 0-0/))
    await stream.openRecord(0, 'a', record(0, 1))
    await expect(stream.openRecord(0, 'a', record(0, 2))).rejects.toEqual(conflict(/record 0-1 is still open/))
    await stream.completeRecord(0, 'a', '0-1')
    await expect(stream.openRecord(0, 'a', record(0, 1, 'again'))).rejects.toEqual(conflict(/first entry behind/))
    await stream.openRecord(0, 'a', record(2, 3))
    await stream.completeRecord(0, 'a', '2-3')
    expect(await stream.storePosition(0)).toBe(ids[3])
    expect(await stream.readOpenRecord(0)).toBeNull()
  })

  test('hold exactly the entries they name', async () => {
    await expect(stream.openRecord(0, 'a', { ...record(0, 2), count: 2 })).rejects.toEqual(
      conflict(/number of entries/),
    )
    await expect(stream.openRecord(0, 'a', { ...record(0, 2), count: 4 })).rejects.toEqual(
      conflict(/number of entries/),
    )
    await stream.openRecord(0, 'a', record(0, 2))
  })

  test('opening and completing may be repeated', async () => {
    await stream.openRecord(0, 'a', record(0, 1))
    await stream.openRecord(0, 'a', record(0, 1))
    await stream.completeRecord(0, 'a', '0-1')
    await stream.completeRecord(0, 'a', '0-1')
    expect(await stream.storePosition(0)).toBe(ids[1])
    await expect(stream.completeRecord(0, 'a', 'other')).rejects.toEqual(conflict(/not the open one/))
  })

  test('keep what was excluded from them', async () => {
    await stream.openRecord(0, 'a', record(0, 2))
    await stream.excludeFromRecord(0, 'a', '0-2', [ids[1]!])
    await stream.excludeFromRecord(0, 'a', '0-2', [ids[1]!, ids[0]!])
    expect(await stream.readOpenRecord(0)).toEqual({ ...record(0, 2), excluded: [ids[0], ids[1]] })
    await expect(stream.excludeFromRecord(0, 'a', 'other', [])).rejects.toEqual(conflict(/not the open one/))
  })
})
