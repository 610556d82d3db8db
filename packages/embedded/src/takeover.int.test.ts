import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { freePort, isPortFree, prepareDataDirectory, startPostgres, startRedis, type EmbeddedStore } from './index.ts'

let folder: string
let running: EmbeddedStore[]
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'nines-takeover-'))
  chmodSync(folder, 0o711)
  running = []
})
afterEach(async () => {
  await Promise.all(running.map((store) => store.stop()))
  rmSync(folder, { recursive: true, force: true })
})

const keep = (store: EmbeddedStore) => {
  running.push(store)
  return store
}

/** Runs a start function in another process, then kills that process without warning. Gives the store's pid. */
async function startAndKillLauncher(start: string, options: object): Promise<number> {
  const entry = JSON.stringify(path.join(import.meta.dirname, 'index.ts'))
  const script = `import { ${start} } from ${entry}
    console.log((await ${start}(${JSON.stringify(options)})).pid)
    setInterval(() => {}, 1000)`
  const launcher = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const pid = Number(
    await new Promise<string>((resolve) => launcher.stdout.once('data', (d: Buffer) => resolve(d.toString()))),
  )
  launcher.kill('SIGKILL')
  await new Promise((resolve) => launcher.once('exit', resolve))
  return pid
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

describe('after the launcher was killed', () => {
  test('PostgreSQL’s next start takes the directory over and keeps committed rows', async () => {
    const options = { dataDir: path.join(folder, 'postgres'), port: await freePort(), database: 'nines' }
    const oldPid = await startAndKillLauncher('startPostgres', options)
    const url = `postgresql://postgres@127.0.0.1:${options.port}/nines`
    await query(url, 'create table k (a int)')
    await query(url, 'insert into k values (42)')
    const store = keep(await startPostgres(options))
    expect(store.pid).not.toBe(oldPid)
    expect(await query(store.url, 'select a from k')).toEqual([{ a: 42 }])
  })

  test('Redis’s next start takes the directory over and keeps acknowledged writes', async () => {
    const options = { dataDir: path.join(folder, 'redis'), port: await freePort() }
    const oldPid = await startAndKillLauncher('startRedis', options)
    const { Socket } = await import('node:net')
    const talk = (command: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = new Socket().connect(options.port, '127.0.0.1', () => socket.write(`${command}\r\n`))
        socket.once('data', (d) => resolve(socket.destroy() && d.toString()))
        socket.once('error', reject)
      })
    expect(await talk('SET k 42')).toBe('+OK\r\n')
    const store = keep(await startRedis(options))
    expect(store.pid).not.toBe(oldPid)
    expect(await talk('GET k')).toBe('$2\r\n42\r\n')
    expect(await talk('CONFIG GET appendfsync')).toContain('always')
    expect(await talk('CONFIG GET maxmemory-policy')).toContain('noeviction')
  })
})

test('a killed PostgreSQL is reported and starts again on the same port', async () => {
  const options = { dataDir: path.join(folder, 'postgres'), port: await freePort() }
  const first = await startPostgres(options)
  await query(first.url, 'create table k as select 1 as a')
  process.kill(first.pid, 'SIGKILL')
  expect(await first.exited).toBe('SIGKILL')
  const second = keep(await startPostgres(options))
  expect(await query(second.url, 'select a from k')).toEqual([{ a: 1 }])
})

describe('what stands in the way is named', () => {
  test('a port that somebody else has', async () => {
    const stranger = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => stranger.once('listening', resolve))
    const address = stranger.address()
    const port = typeof address === 'object' && address ? address.port : 0
    expect(await isPortFree(port)).toBe(false)
    await expect(startRedis({ dataDir: path.join(folder, 'redis'), port })).rejects.toThrow(
      new RegExp(`port ${port}.*Redis.*taken`),
    )
    stranger.close()
  })

  test('a disk with too little room', () => {
    expect(() => prepareDataDirectory(path.join(folder, 'x'), Number.MAX_SAFE_INTEGER)).toThrow(/free.*NINES_DATA_DIR/)
  })

  test('a file where the folder should be', () => {
    writeFileSync(path.join(folder, 'file'), '')
    expect(() => prepareDataDirectory(path.join(folder, 'file'))).toThrow(/is a file.*NINES_DATA_DIR/)
    expect(() => prepareDataDirectory(path.join(folder, 'file', 'x'))).toThrow(
      /part of the path is a file.*NINES_DATA_DIR/,
    )
  })

  test.runIf(process.getuid?.() === 0)('root in a folder that others cannot enter still gets PostgreSQL', async () => {
    mkdirSync(path.join(folder, 'closed'), { mode: 0o700 })
    const store = keep(
      await startPostgres({ dataDir: path.join(folder, 'closed/home/postgres'), port: await freePort() }),
    )
    expect(await query(store.url, 'select 1 as a')).toEqual([{ a: 1 }])
  })
})
