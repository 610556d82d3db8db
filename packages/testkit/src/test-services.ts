import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort, startClickHouse, startPostgres, startRedis } from '@nines/embedded'
import { applyMigrations } from '@nines/schema'
import { readClickHouseTemplate, type ClickHouseTemplate } from './clickhouse-template.ts'

/** Where the stores of one test run listen. Serialisable: the runner hands it to its workers. */
export interface TestServicesAddress {
  /** PostgreSQL without a database name: append `/<database>`. */
  postgresUrl: string
  /** A migrated, empty database that every test file's own is copied from. */
  templateDatabase: string
  redisUrl: string
  clickhouseUrl: string
  /** The same tables in ClickHouse, which copies no database: what makes one of that kind. */
  clickhouseTemplate: ClickHouseTemplate
}

declare module 'vitest' {
  interface ProvidedContext {
    ninesServices: TestServicesAddress
  }
}

export interface TestServices extends TestServicesAddress {
  stop: () => Promise<void>
}

const TEMPLATE = 'nines_template'
/** A crash of the machine loses nothing that a test would miss, so nothing waits for the disk. */
const FAST_POSTGRES = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Starts real PostgreSQL, Redis and ClickHouse in a temporary folder on free ports and prepares the template database. */
export async function startTestServices(): Promise<TestServices> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nines-test-'))
  chmodSync(folder, 0o711)
  const place = async (name: string) => ({ dataDir: path.join(folder, name), port: await freePort() })
  const [postgresPlace, redisPlace, clickhousePlace] = [
    await place('postgres'),
    await place('redis'),
    await place('clickhouse'),
  ]
  const started = await Promise.allSettled([
    startPostgres({ ...postgresPlace, database: TEMPLATE, settings: FAST_POSTGRES }),
    startRedis({ ...redisPlace, appendFsync: 'no' }),
    startClickHouse(clickhousePlace),
  ])
  const stop = async () => {
    await Promise.all(started.filter((s) => s.status === 'fulfilled').map((s) => s.value.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const [postgres, redis, clickhouse] = started.map((s) => {
      if (s.status === 'rejected') throw s.reason
      return s.value
    })
    if (!postgres || !redis || !clickhouse) throw new TypeError('three stores start three processes')
    const [clickhouseTemplate] = await Promise.all([
      readClickHouseTemplate(clickhouse.url, TEMPLATE),
      applyMigrations(postgres.url),
    ])
    return {
      postgresUrl: postgres.url.slice(0, postgres.url.lastIndexOf('/')),
      templateDatabase: TEMPLATE,
      redisUrl: redis.url,
      clickhouseUrl: clickhouse.url,
      clickhouseTemplate,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
