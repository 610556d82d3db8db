import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { schemaFolder } from './migrations.ts'
import { runPrisma } from './prisma-cli.ts'

const generated = path.join(schemaFolder, '../packages/records/src/generated')
const stampFile = path.join(generated, '.stamp')

/** Generates the Prisma client unless the present one came from this schema and this Prisma. Says whether it did. */
export async function generateClient(): Promise<boolean> {
  const stamp = currentStamp()
  if (
    existsSync(path.join(generated, 'client.ts')) &&
    existsSync(stampFile) &&
    readFileSync(stampFile, 'utf8') === stamp
  )
    return false
  await runPrisma(['generate'])
  writeFileSync(stampFile, stamp)
  return true
}

function currentStamp(): string {
  const hash = createHash('sha256')
  hash.update(readFileSync(path.join(schemaFolder, 'schema.prisma')))
  hash.update(readFileSync(createRequire(import.meta.url).resolve('prisma/package.json')))
  return hash.digest('hex')
}
