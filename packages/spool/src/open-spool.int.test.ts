import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSpool, type Spool } from './open-spool.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-spool-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function drain(spool: Spool): Promise<string[]> {
  const texts: string[] = []
  for (let entry = await spool.oldest(); entry; entry = await spool.oldest()) {
    texts.push(entry.bytes.toString())
    await spool.remove(entry.id)
  }
  return texts
}

describe('openSpool', () => {
  it('gives entries back in order, also to the next process', async () => {
    const first = await openSpool({ directory, maxBytes: 1000 })
    await Promise.all(['a', 'b', 'c'].map((text) => first.append(Buffer.from(text))))
    const second = await openSpool({ directory, maxBytes: 1000 })
    expect([second.count, second.bytes]).toEqual([3, 3])
    await second.append(Buffer.from('d'))
    expect(await drain(second)).toEqual(['a', 'b', 'c', 'd'])
    expect([second.count, second.bytes, second.dropped]).toEqual([0, 0, 0])
  })

  it('leaves nothing behind of an entry that cannot be written', async () => {
    const spool = await openSpool({ directory, maxBytes: 1000 })
    await mkdir(join(directory, '0000000000000001.entry'))
    await expect(spool.append(Buffer.from('a'))).rejects.toThrow()
    expect((await readdir(directory)).filter((name) => name.endsWith('.partial'))).toEqual([])
    await spool.append(Buffer.from('b'))
    expect(await drain(spool)).toEqual(['b'])
  })

  it('drops the oldest entries to stay in bounds and counts them', async () => {
    const given: number[] = []
    const spool = await openSpool({ directory, maxBytes: 25, onDropped: (entries) => given.push(entries) })
    for (const text of ['1111111111', '2222222222', '33333', '4444444444', '55555555555555555555'])
      await spool.append(Buffer.from(text))
    expect(await drain(spool)).toEqual(['55555555555555555555'])
    expect(spool.dropped).toBe(4)
    expect(given.reduce((sum, entries) => sum + entries, 0)).toBe(4)
  })

  it('refuses an entry that could never fit and keeps the others', async () => {
    const spool = await openSpool({ directory, maxBytes: 10 })
    await spool.append(Buffer.from('kept'))
    await expect(spool.append(Buffer.alloc(11))).rejects.toMatchObject({ code: 'too_large' })
    expect(await drain(spool)).toEqual(['kept'])
  })

  it('ignores and removes what a crash left half written', async () => {
    await writeFile(join(directory, '0000000000000007.entry.partial'), 'half')
    const spool = await openSpool({ directory, maxBytes: 1000 })
    expect(await spool.oldest()).toBeNull()
    expect(await readdir(directory)).toEqual([])
  })
})
