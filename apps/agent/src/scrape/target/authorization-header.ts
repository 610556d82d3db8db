import { readFile } from 'node:fs/promises'
import type { JobAuthorization, Secret } from '../config/scrape-job.ts'

/** The header's value; files are read anew, for secrets in them are rotated. Rejects when one cannot be read. */
export async function authorizationHeader(authorization: JobAuthorization): Promise<string> {
  if (authorization.kind === 'token') return `${authorization.type} ${await read(authorization.credentials)}`
  const pair = `${await read(authorization.username)}:${await read(authorization.password)}`
  return `Basic ${Buffer.from(pair).toString('base64')}`
}

async function read(secret: Secret): Promise<string> {
  return 'text' in secret ? secret.text : (await readFile(secret.file, 'utf8')).trim()
}
