import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { askClickHouse, copyClickHouseTemplate } from './clickhouse-template.ts'
import type { TestServicesAddress } from './test-services.ts'

/** What one test file has to itself inside the shared servers. */
export interface OwnServices {
  /** A freshly copied, migrated PostgreSQL database. */
  databaseUrl: string
  redisUrl: string
  /** Prefix of every Redis key this file may touch. */
  redisPrefix: string
  clickhouseUrl: string
  /** A migrated ClickHouse database. */
  clickhouseDatabase: string
  /** The same as environment variables for an app's `start`, with a secret key and ports left to the system. */
  env: Record<string, string>
  /** Drops the databases and the keys. */
  drop(): Promise<void>
}

/** Ports that apps listen on; 0 lets the system choose, so that test files never meet. */
const PORT_VARIABLES = ['API', 'INGEST', 'INGEST_GRPC', 'STORE', 'EVALUATE', 'WORKER', 'PROBE', 'AGENT'].map(
  (a) => `NINES_${a}_PORT`,
)

/** Copies the template database and makes a key prefix and a ClickHouse database that nobody else uses. */
export async function createOwnServices(address: TestServicesAddress): Promise<OwnServices> {
  const name = `t_${randomBytes(6).toString('hex')}`
  await Promise.all([
    runSql(`${address.postgresUrl}/postgres`, `create database ${name} template ${address.templateDatabase}`),
    copyClickHouseTemplate(address.clickhouseUrl, address.clickhouseTemplate, name),
  ])
  const services = {
    databaseUrl: `${address.postgresUrl}/${name}`,
    redisUrl: address.redisUrl,
    redisPrefix: name,
    clickhouseUrl: address.clickhouseUrl,
    clickhouseDatabase: name,
  }
  return { ...services, env: environmentFor(services), drop: () => dropAll(address, name) }
}

function environmentFor(services: Omit<OwnServices, 'env' | 'drop'>): Record<string, string> {
  return {
    DATABASE_URL: services.databaseUrl,
    CLICKHOUSE_URL: services.clickhouseUrl,
    CLICKHOUSE_DATABASE: services.clickhouseDatabase,
    REDIS_URL: services.redisUrl,
    NINES_REDIS_PREFIX: services.redisPrefix,
    NINES_SECRET_KEY: randomBytes(32).toString('base64'),
    NINES_PUBLIC_URL: 'http://localhost:8080',
    NINES_HOST: '127.0.0.1',
    NINES_LOG_LEVEL: process.env.NINES_LOG_LEVEL ?? 'warn',
    ...Object.fromEntries(PORT_VARIABLES.map((variable) => [variable, '0'])),
  }
}

async function dropAll(address: TestServicesAddress, name: string): Promise<void> {
  await Promise.all([
    runSql(`${address.postgresUrl}/postgres`, `drop database if exists ${name} with (force)`),
    askClickHouse(address.clickhouseUrl, `DROP DATABASE IF EXISTS ${name}`),
    deleteKeys(address.redisUrl, name),
  ])
}

async function deleteKeys(redisUrl: string, name: string): Promise<void> {
  const redis = new Redis(redisUrl)
  try {
    for await (const keys of redis.scanStream({ match: `*${name}*`, count: 1000 })) {
      const found = keys as string[]
      if (found.length > 0) await redis.unlink(...found)
    }
  } finally {
    redis.disconnect()
  }
}

async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
