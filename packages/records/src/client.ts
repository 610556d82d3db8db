import { PrismaPg } from '@prisma/adapter-pg'
import { type Prisma, PrismaClient } from './generated/client.ts'

export interface PrismaOptions {
  /** Most connections this process opens to PostgreSQL. */
  maxConnections?: number
}

/** What works both on the client and inside one of its transactions. */
export type Database = Prisma.TransactionClient

/**
 * A client on a pool of at most `maxConnections` (default 10) connections, opened as needed and closed after 30 s of
 * rest. A connection that cannot be had within 5 s is an error, so that callers fail and retry instead of piling up.
 * End it with `$disconnect()`.
 */
export function createPrisma(databaseUrl: string, options: PrismaOptions = {}): PrismaClient {
  const adapter = new PrismaPg(
    {
      connectionString: databaseUrl,
      max: options.maxConnections ?? 10,
      connectionTimeoutMillis: 5_000,
      idleTimeoutMillis: 30_000,
    },
    // A broken idle connection must not end the process; the query that meets it reports the error.
    { onPoolError: () => undefined, onConnectionError: () => undefined },
  )
  return new PrismaClient({ adapter })
}
