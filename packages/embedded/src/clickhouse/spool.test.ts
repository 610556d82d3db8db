import { mkdtempSync, readdirSync, readFileSync, rmSync, existsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Spool } from './spool.ts'

let folder: string
let spool: Spool

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nines-spool-test-'))
  spool = new Spool(path.join(folder, 'data'))
})

afterEach(() => {
  spool.clear()
  rmSync(folder, { recursive: true, force: true })
})

/** Rows that come in pieces, of one byte all of them. */
const rows = (pieces: number, byte: number, pieceBytes = 65_536) =>
  Readable.from(
    Array.from({ length: pieces }, () => Buffer.alloc(pieceBytes, byte)),
    { objectMode: false },
  )

async function kept(pieces: number, byte: number): Promise<string> {
  const file = await spool.keep(rows(pieces, byte))
  expect(readFileSync(file).equals(Buffer.alloc(pieces * 65_536, byte))).toBe(true)
  return file
}

test('files hold what came, be it more or less than what they held before', async () => {
  for (const [i, pieces] of [40, 10, 80, 3, 1, 60, 4, 0, 5].entries()) await spool.discard(await kept(pieces, i + 1))
})

test('rows of inserts at the same time never share a file', async () => {
  const first = await kept(20, 1)
  await spool.discard(first)
  const [second, third] = await Promise.all([kept(30, 2), kept(40, 3)])
  expect(second).not.toBe(third)
  await Promise.all([spool.discard(second), spool.discard(third)])
})

test('a small insert between large ones leaves the file that is used again alone', async () => {
  const large = await kept(20, 1)
  await spool.discard(large)
  if (!existsSync(large)) return // storage on disk is not used again
  const small = await kept(2, 2)
  expect(small).not.toBe(large)
  await spool.discard(small)
  expect([existsSync(small), statSync(large).size]).toEqual([false, 20 * 65_536])
  expect(await kept(20, 3)).toBe(large)
})

test('nothing is left of rows that break off, nor of any once the spool is cleared', async () => {
  const first = await kept(20, 1)
  await spool.discard(first)
  const broken = new Readable({ read: () => undefined })
  const failing = spool.keep(broken)
  for (let i = 0; i < 10; i++) broken.push(Buffer.alloc(65_536))
  setImmediate(() => broken.destroy(new Error('broke off')))
  await expect(failing).rejects.toThrow('broke off')
  expect(readdirSync(path.dirname(first))).toEqual([])
  await spool.discard(await kept(20, 2))
  spool.clear()
  expect(existsSync(path.dirname(first))).toBe(false)
})
