import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../ports.ts'
import type { EmbeddedStore } from '../process/embedded-store.ts'
import { startClickHouse } from './clickhouse.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'nines-clickhouse-'))
const port = await freePort()
let store: EmbeddedStore
let client: ClickHouseClient

const start = () => startClickHouse({ dataDir: path.join(folder, 'clickhouse'), port })
const rows = async <T>(query: string, parameters: Record<string, unknown> = {}) =>
  (await client.query({ query, query_params: parameters, format: 'JSONEachRow' })).json<T>()
const scalar = async (query: string) => (await (await client.query({ query, format: 'TabSeparated' })).text()).trim()

beforeAll(async () => {
  store = await start()
  client = createClient({ url: store.url, log: { level: ClickHouseLogLevel.OFF } })
  await client.command({ query: 'CREATE DATABASE d' })
  await client.command({ query: 'CREATE TABLE d.victim (v String) ENGINE = MergeTree ORDER BY v' })
  const window = 'SETTINGS non_replicated_deduplication_window = 1000'
  await client.command({ query: `CREATE TABLE d.t (id UInt64, v String) ENGINE = MergeTree ORDER BY id ${window}` })
})
afterAll(async () => {
  await client.close()
  await store.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** `id UInt64, v String` in ClickHouse's Native format: column count, row count, then name, type and data of each. */
function nativeBlock(ids: number[], values: string[]): Buffer {
  const text = (s: string) => Buffer.concat([Buffer.from([Buffer.byteLength(s)]), Buffer.from(s)])
  const idColumn = Buffer.alloc(8 * ids.length)
  ids.forEach((id, i) => idColumn.writeBigUInt64LE(BigInt(id), i * 8))
  return Buffer.concat([
    Buffer.from([2, ids.length]),
    text('id'),
    text('UInt64'),
    idColumn,
    text('v'),
    text('String'),
    ...values.map(text),
  ])
}

async function insertNative(block: Buffer, token: string): Promise<void> {
  const { stream } = await client.exec({
    query: 'INSERT INTO d.t (id, v) FORMAT Native',
    values: Readable.from([block], { objectMode: false }),
    clickhouse_settings: { insert_deduplication_token: token },
  })
  for await (const _chunk of stream) continue
}

describe('inserted data is never SQL', () => {
  const hostile = 'a\n\nDROP TABLE d.victim;\n'
  const post = (sql: string, query = '') => fetch(`${store.url}/${query}`, { method: 'POST', body: sql })

  test.each([
    ['CSV behind the statement', `INSERT INTO d.t FORMAT CSV\n1,"a\n\nDROP TABLE d.victim;\n"\n`],
    ['VALUES behind the statement', `INSERT INTO d.t VALUES (1, 'a\n\nDROP TABLE d.victim;\n')`],
  ])('%s', async (_name, sql) => {
    await client.command({ query: 'TRUNCATE TABLE d.t' })
    const answer = await post(sql)
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(await rows('SELECT v FROM d.t')).toEqual([{ v: hostile }])
    expect(await scalar('EXISTS d.victim')).toBe('1')
  })

  test('CSV in the body of a client’s insert', async () => {
    await client.command({ query: 'TRUNCATE TABLE d.t' })
    await post(`2,"a\n\nDROP TABLE d.victim;\n"\n3,"b"\n`, `?query=${encodeURIComponent('INSERT INTO d.t FORMAT CSV')}`)
    expect(await rows('SELECT v FROM d.t ORDER BY id')).toEqual([{ v: hostile }, { v: 'b' }])
    expect(await scalar('EXISTS d.victim')).toBe('1')
  })

  test('a parameter of INSERT … SELECT', async () => {
    await client.command({ query: 'TRUNCATE TABLE d.t' })
    await client.command({ query: 'INSERT INTO d.t SELECT 1, {v:String}', query_params: { v: hostile } })
    expect(await rows('SELECT v FROM d.t')).toEqual([{ v: hostile }])
    expect(await scalar('EXISTS d.victim')).toBe('1')
  })

  test('Native bytes that look like blank lines arrive whole', async () => {
    await client.command({ query: 'TRUNCATE TABLE d.t' })
    const ids = Array.from({ length: 100 }, (_, i) => 0x0a0a + i)
    await insertNative(
      nativeBlock(
        ids,
        ids.map(() => '\n\n'),
      ),
      'blank-lines',
    )
    expect(await scalar('SELECT count(), sum(id) FROM d.t')).toBe(`100\t${ids.reduce((a, b) => a + b, 0)}`)
  })
})

describe('insert_deduplication_token', () => {
  test('a retry adds nothing, a new token with the same rows does, also across restart and kill', async () => {
    await client.command({ query: 'TRUNCATE TABLE d.t' })
    const block = nativeBlock([1, 2], ['x', 'y'])
    const count = () => scalar('SELECT count() FROM d.t')
    await insertNative(block, 'token-1')
    await insertNative(block, 'token-1')
    expect(await count()).toBe('2')
    await insertNative(block, 'token-2')
    expect(await count()).toBe('4')
    await store.stop()
    store = await start()
    await insertNative(block, 'token-1')
    expect(await count()).toBe('4')
    process.kill(store.pid, 'SIGKILL')
    expect(await store.exited).toBe('SIGKILL')
    store = await start()
    await insertNative(block, 'token-2')
    expect(await count()).toBe('4')
  })
})

describe('the protocol', () => {
  test('typed parameters', async () => {
    const values = {
      s: `x'; DROP\t\\ \n"é`,
      n: 5,
      a: [`q'1`, 'z'],
      m: { k: 1 },
      d: new Date(1_700_000_000_123),
      u: null,
    }
    const sql =
      'SELECT {s:String} s, {n:UInt8} n, {a:Array(String)} a, {m:Map(String, UInt8)} m, {d:DateTime64(3)} d, {u:Nullable(Int8)} u'
    expect(await rows(sql, values)).toEqual([{ ...values, d: '2023-11-14 22:13:20.123' }])
  })

  test('errors carry code and type; later queries are unharmed', async () => {
    await expect(client.query({ query: 'SELECT * FROM nope' })).rejects.toMatchObject({
      code: '60',
      type: 'UNKNOWN_TABLE',
    })
    await expect(client.query({ query: 'SELECT FROM WHERE' })).rejects.toMatchObject({ code: '62' })
    expect(await scalar('SELECT 1')).toBe('1')
  })

  describe('an error in the middle of a stream', () => {
    const query = 'SELECT throwIf(number = 500000) FROM numbers(1000000) SETTINGS max_block_size = 1000'

    test('ends the answer with its words, framed as ClickHouse frames them', async () => {
      const answer = await fetch(store.url, { method: 'POST', body: `${query} FORMAT JSONEachRow` })
      const tag = answer.headers.get('x-clickhouse-exception-tag')
      const [data, frame] = (await answer.text()).split('\r\n__exception__\r\n', 2)
      expect(data).toContain('"throwIf(equals(number, 500000))":0')
      const [, words, bytes] = new RegExp(`^${tag}\r\n(.+\n)(\\d+) ${tag}$`, 's').exec(frame!)!
      expect(words).toMatch(/^Code: 395\. DB::Exception: .*throwIf/)
      expect(Number(bytes)).toBe(Buffer.byteLength(words!))
    })

    // Which words it rejects with is the client's matter: it finds them only where the frame reaches it in one piece.
    test('rejects instead of ending early', async () => {
      const result = await client.query({ query, format: 'JSONEachRow' })
      await expect(result.json()).rejects.toThrow()
    })
  })

  test('settings last for one query', async () => {
    const query = `SELECT getSetting('max_threads') AS n`
    const one = await client.query({ query, format: 'JSONEachRow', clickhouse_settings: { max_threads: 1 } })
    expect(await one.json()).toEqual([{ n: 1 }])
    expect(await rows(query)).not.toEqual([{ n: 1 }])
  })
})

test.each([
  [
    'whole answer',
    'SELECT count() AS n FROM numbers(200000000000) WHERE sipHash64(number) % 1000003 = 7 FORMAT Native',
  ],
  ['stream', 'SELECT number FROM numbers(200000000000) WHERE sipHash64(number) % 1000000007 = 7 FORMAT JSONEachRow'],
])('a query whose client hung up ends: %s', async (_name, query) => {
  const running = () =>
    scalar(`SELECT count() FROM system.processes WHERE query LIKE '%200000000000%'
    AND query NOT LIKE '%processes%'`)
  const hangUp = new AbortController()
  const asked = fetch(store.url, { method: 'POST', body: query, signal: hangUp.signal }).then((answer) => answer.text())
  await expect.poll(running, { timeout: 5_000 }).toBe('1')
  hangUp.abort()
  await expect(asked).rejects.toThrow()
  await expect.poll(running, { timeout: 5_000 }).toBe('0')
  expect(await scalar('SELECT 1')).toBe('1')
})

test('when the launcher is killed the server ends by itself and the next start has the data', async () => {
  await client.command({ query: `INSERT INTO d.victim VALUES ('kept')` })
  await store.stop()
  const { spawn } = await import('node:child_process')
  const script = `import { startClickHouse } from ${JSON.stringify(path.join(import.meta.dirname, 'clickhouse.ts'))}
    const s = await startClickHouse(${JSON.stringify({ dataDir: path.join(folder, 'clickhouse'), port })}); console.log(s.pid)
    setInterval(() => {}, 1000)`
  const launcher = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = Number(
    await new Promise<string>((resolve) => launcher.stdout.once('data', (d: Buffer) => resolve(d.toString()))),
  )
  launcher.kill('SIGKILL')
  const lives = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  for (let i = 0; i < 500 && lives(); i++) await sleep(20)
  expect(lives()).toBe(false)
  store = await start()
  expect(await scalar('SELECT v FROM d.victim')).toBe('kept')
})
