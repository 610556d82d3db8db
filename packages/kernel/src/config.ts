import { z } from 'zod'
import { NinesError } from './errors.ts'

/**
 * Reads typed configuration from environment variables and fails at start with one message that names every
 * variable that is missing or malformed. `process.env` is read nowhere else in an app.
 */
export function readConfig<T extends z.ZodType>(
  schema: T,
  env: Record<string, string | undefined> = process.env,
): z.infer<T> {
  const parsed = schema.safeParse(env)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((i) => ({ path: i.path.join('.'), message: i.message }))
  throw new NinesError('invalid', `configuration: ${issues.map((i) => `${i.path}: ${i.message}`).join('; ')}`, {
    issues,
  })
}

/** Where the three stores are; every app that uses them shares these names. */
export const storeConfig = z.object({
  DATABASE_URL: z.string().min(1, 'set DATABASE_URL to a PostgreSQL connection URL'),
  CLICKHOUSE_URL: z.string().min(1, 'set CLICKHOUSE_URL to a ClickHouse HTTP URL'),
  REDIS_URL: z.string().min(1, 'set REDIS_URL to a Redis URL'),
  CLICKHOUSE_DATABASE: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .default('nines'),
  /** Name of a ClickHouse cluster (as in its `remote_servers`) to spread the tables over; unset for one server. */
  CLICKHOUSE_CLUSTER: z
    .string()
    .regex(/^[\w.-]+$/)
    .optional(),
  /** Prefix of every Redis key, so that several installations can share one server. */
  NINES_REDIS_PREFIX: z.string().default('nines'),
})
export type StoreConfig = z.infer<typeof storeConfig>

/** Key that encrypts secrets at rest and signs capability links: 32 bytes, base64. */
export const secretConfig = z.object({
  NINES_SECRET_KEY: z.base64().refine((s) => Buffer.from(s, 'base64').length === 32, 'must be 32 bytes in base64'),
})

/** Host and port an app listens on. */
export const port = (fallback: number) => z.coerce.number().int().min(0).max(65535).default(fallback)
export const host = z.string().default('127.0.0.1')
