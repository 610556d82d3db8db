import { emptyBlock, type Block } from '@nines/wire'
import { useServices } from '@nines/testkit'
import { Redis } from 'ioredis'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createBlockStream, type BlockStream } from './block-stream.ts'

const services = await useServices()
const raw = new Redis(services.redisUrl)
const open: BlockStream[] = []
let run = 0
let prefix = ''
const openStream = (extra: { maxBytes?: number; shards?: number } = {}): BlockStream => {
  const made = createBlockStream({ redisUrl: services.redisUrl, prefix, ...extra })
  open.push(made)
  return made
}
let stream: BlockStream

beforeEach(() => {
  prefix = `${services.redisPrefix}-${run++}`
  stream = openStream()
})
afterAll(async () => {
  await Promise.all(open.map((s) => s.close()))
  raw.disconnect()
})

const blockOf = (value: number, workspace = 1): Block => ({
  ...emptyBlock(workspace, 1_000),
  samples: {
    series: BigUint64Array.of(2n ** 64n - 1n),
    at: Float64Array.of(1_000),
    start: Float64Array.of(0),
    value: Float64Array.of(value),
  },
})
const values = (entries: { block: Block }[]) => entries.map((e) => e.block.samples.value[0])
const appendMany = async (count: number) => {
  const ids: string[] = []
  for (let i = 0; i < count; i++) ids.push(await stream.append(blockOf(i)))
  return ids
}

describe('append and read', () => {
  test('entries come back whole, in order and from any place', async () => {
    const ids = await appendMany(4)
    expect(values(await stream.read(0, '0-0'))).toEqual([0, 1, 2, 3])
    expect((await stream.read(0, ids[1]!, { count: 1 })).map((e) => e.id)).toEqual([ids[2]])
    expect(values(await stream.readRange(0, ids[1]!, ids[2]!))).toEqual([1, 2])
    expect([await stream.firstId(0), await stream.lastId(0)]).toEqual([ids[0], ids[3]])
    expect(await stream.read(0, ids[3]!, { blockMs: 20 })).toEqual([])
  })

  test('a block of requests is appended once, whoever brings them again', async () => {
    const [one, two, three] = [1, 2, 3].map((n) => Buffer.from([0, 255, n])) as [Buffer, Buffer, Buffer]
    expect(await stream.appendRequests(blockOf(1), [one, two])).toEqual([])
    expect(await openStream().appendRequests(blockOf(2), [three, two, one])).toEqual([1, 2])
    expect(await stream.appendRequests(blockOf(3), [three])).toEqual([])
    expect(await stream.appendRequests(blockOf(4), [])).toEqual([])
    expect(values(await stream.read(0, '0-0'))).toEqual([1, 3, 4])
  })

  test('a waiting reader gets what is appended later and holds up nobody', async () => {
    const waiting = stream.read(0, '0-0', { blockMs: 20_000 })
    await stream.ping()
    await stream.append(blockOf(7))
    expect(values(await waiting)).toEqual([7])
  })

  test('a reader far behind gets no more bytes than it asked for, but always one entry', async () => {
    await appendMany(5)
    const oneBytes = (await stream.heldBytes(0)) / 5
    expect(await stream.read(0, '0-0', { maxBytes: 1 })).toHaveLength(1)
    expect(await stream.read(0, '0-0', { maxBytes: 3 * oneBytes })).toHaveLength(3)
  })

  test('bytes that are no block are handed over as a fault with their reason', async () => {
    await appendMany(1)
    const id = (await raw.xadd(`${prefix}:{blocks:0}`, '*', 'b', 'garbage'))!
    await raw.xadd(`${prefix}:{blocks:0}:sizes`, id, 's', 7)
    const [good, bad] = await stream.read(0, '0-0')
    expect(good?.fault).toBeNull()
    expect(bad?.fault?.reason).toMatch(/not a readable block/)
    expect(bad?.fault?.bytes.toString()).toBe('garbage')
    expect(bad?.block.samples.value).toHaveLength(0)
  })

  test('workspaces are spread over shards', async () => {
    const sharded = openStream({ shards: 3 })
    for (const workspace of [1, 2, 3, 4]) await sharded.append(blockOf(workspace, workspace))
    const found = await Promise.all([0, 1, 2].map((shard) => sharded.read(shard, '0-0')))
    expect(found.map(values)).toEqual([[3], [1, 4], [2]])
    await expect(sharded.read(3, '0-0')).rejects.toThrow(/shard 3 does not exist/)
  })
})

describe('the memory bound', () => {
  test('refuses above the limit and accepts again after trimming', async () => {
    await appendMany(2)
    const small = openStream({ maxBytes: await stream.heldBytes(0) })
    await expect(small.append(blockOf(9))).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 })
    await expect(small.append(blockOf(9))).rejects.toThrow(/bytes/)
    expect(await stream.read(0, '0-0')).toHaveLength(2)

    await storeAll()
    expect(await stream.trim(0, { tailMs: 0 })).toBe(2)
    expect(await stream.heldBytes(0)).toBe(0)
    await small.append(blockOf(9))
    expect(values(await stream.read(0, '0-0'))).toEqual([9])
  })
})

async function storeAll(): Promise<void> {
  const entries = await stream.read(0, await stream.storePosition(0))
  const record = { id: 'r', firstId: entries[0]!.id, lastId: entries.at(-1)?.id ?? '', count: entries.length }
  await stream.acquireLease(0, 'me', 10_000)
  await stream.openRecord(0, 'me', record)
  await stream.completeRecord(0, 'me', 'r')
}

describe('trimming', () => {
  test('never passes the store position, nor the tail that evaluators need', async () => {
    const ids = await appendMany(3)
    expect(await stream.trim(0, { tailMs: 0 })).toBe(0)
    await stream.acquireLease(0, 'me', 10_000)
    await stream.openRecord(0, 'me', { id: 'r1', firstId: ids[0]!, lastId: ids[1]!, count: 2 })
    expect(await stream.trim(0, { tailMs: 0 })).toBe(0)
    await stream.completeRecord(0, 'me', 'r1')
    expect(await stream.trim(0)).toBe(0)
    expect(await stream.maxDeletedId(0)).toBe('0-0')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await stream.trim(0, { tailMs: 0 })).toBe(2)
    expect(await stream.maxDeletedId(0)).toBe(ids[1])
    expect(await stream.firstId(0)).toBe(ids[2])
  })

  test('removes more than one portion and counts every byte', async () => {
    await appendMany(1_100)
    const one = (await stream.heldBytes(0)) / 1_100
    const all = (await stream.read(0, '0-0', { count: 2_000 })).map((e) => e.id)
    await stream.acquireLease(0, 'me', 10_000)
    await stream.openRecord(0, 'me', { id: 'r', firstId: all[0]!, lastId: all[1_049]!, count: 1_050 })
    await stream.completeRecord(0, 'me', 'r')
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await stream.trim(0, { tailMs: 0 })).toBe(1_050)
    expect(await stream.heldBytes(0)).toBe(50 * one)
    expect(await raw.xlen(`${prefix}:{blocks:0}`)).toBe(50)
    expect(await raw.xlen(`${prefix}:{blocks:0}:sizes`)).toBe(50)
  })
  test('above the soft limit entries go once every live reader has them, above the hard limit at once', async () => {
    const ids = await appendMany(4)
    const one = (await stream.heldBytes(0)) / 4
    await storeAll()
    await stream.reportReader(0, 'quick', ids[3]!)
    await stream.reportReader(0, 'slow', ids[0]!)
    expect(await stream.trim(0, { softBytes: 2 * one })).toBe(1)
    await stream.reportReader(0, 'slow', ids[2]!)
    expect(await stream.trim(0, { softBytes: 2 * one })).toBe(1)
    expect(await stream.trim(0, { softBytes: 2 * one })).toBe(0)
    expect(await stream.trim(0, { softBytes: 0, hardBytes: one })).toBe(1)
    await stream.reportReader(0, 'slow', ids[0]!)
    expect(await stream.trim(0, { softBytes: 0 })).toBe(0)
    expect(await stream.trim(0, { softBytes: 0, hardBytes: 0 })).toBe(1)
    expect(await stream.maxDeletedId(0)).toBe(ids[3])
  })

  test('a reader that said nothing for ten seconds holds nothing back', async () => {
    const ids = await appendMany(2)
    await storeAll()
    await stream.reportReader(0, 'dead', '0-0')
    expect(await stream.trim(0, { softBytes: 0 })).toBe(0)
    await raw.hset(`${prefix}:{blocks:0}:readers`, 'dead', `0-0 ${Date.now() - 11_000}`)
    expect(await stream.trim(0, { softBytes: 0 })).toBe(2)
    expect(await stream.maxDeletedId(0)).toBe(ids[1])
  })
})

describe('a derived block', () => {
  test('comes once for the open record, whoever asks how often, and never from one who lost the lease', async () => {
    const [first, last] = await appendMany(2)
    await stream.acquireLease(0, 'me', 10_000)
    await stream.openRecord(0, 'me', { id: 'r', firstId: first!, lastId: last!, count: 2 })
    await Promise.all([1, 2, 3].map(() => stream.appendDerived(0, 'me', 'r', [blockOf(42), blockOf(43)])))
    expect(values(await stream.read(0, '0-0'))).toEqual([0, 1, 42, 43])
    await expect(stream.appendDerived(0, 'other', 'r', [blockOf(43)])).rejects.toMatchObject({ code: 'conflict' })
    await expect(stream.appendDerived(0, 'me', 'r2', [blockOf(44)])).rejects.toMatchObject({ code: 'conflict' })
    await stream.completeRecord(0, 'me', 'r')
    await expect(stream.appendDerived(0, 'me', 'r', [blockOf(45)])).rejects.toMatchObject({ code: 'conflict' })
    expect(values(await stream.read(0, '0-0'))).toEqual([0, 1, 42, 43])
  })
})
