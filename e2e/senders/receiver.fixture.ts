import { randomUUID } from 'node:crypto'
import { start as startIngest } from '@nines/app-ingest'
import { start as startStore } from '@nines/app-store'
import { newToken } from '@nines/kernel'
import { bootstrapInstallation } from '@nines/records'
import type { OwnServices } from '@nines/testkit'
import { eventually } from '../stack/eventually.ts'

const STORED_DEADLINE_MS = 15_000

/** Ingest and store on real stores: what a sender talks to, and what came of it, asked of ClickHouse itself. */
export interface Receiver {
  httpUrl: string
  grpcUrl: string
  /** Secret of a key that may send. */
  key: string
  /** The rows of a query once there are at least `count`. */
  rows<T>(sql: string, count: number): Promise<T[]>
  stop(): Promise<void>
}

export async function startReceiver(services: OwnServices): Promise<Receiver> {
  const keys = { ingestKey: newToken('nk_'), internalKey: newToken('nk_') }
  const secretKey = services.env.NINES_SECRET_KEY ?? ''
  await bootstrapInstallation(services.databaseUrl, { ...keys, secretKey, demo: false })
  const ingest = await startIngest(services.env)
  const store = await startStore(services.env)
  return {
    httpUrl: ingest.url ?? '',
    grpcUrl: `http://127.0.0.1:${ingest.grpcPort}`,
    key: keys.ingestKey,
    rows: <T>(sql: string, count: number) =>
      eventually<T[]>(
        `${count} rows of ${sql}`,
        async () => {
          const rows = await select<T>(services, sql)
          return rows.length >= count && rows
        },
        { timeoutMs: STORED_DEADLINE_MS },
      ),
    stop: async () => {
      await ingest.stop()
      await store.stop()
    },
  }
}

/** A name that no other test uses, so that tests share one receiver and see only their own rows. */
export function ownName(what: string): string {
  return `${what}-${randomUUID().slice(0, 8)}`
}

async function select<T>({ clickhouseUrl, clickhouseDatabase }: OwnServices, sql: string): Promise<T[]> {
  const url = new URL(clickhouseUrl)
  url.searchParams.set('database', clickhouseDatabase)
  const response = await fetch(url, { method: 'POST', body: `${sql} FORMAT JSONEachRow` })
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}
