import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { explainFileError } from '@nines/embedded'
import { NinesError, newToken } from '@nines/kernel'
import { z } from 'zod'

const storedKeys = z.object({ ingestKey: z.string().min(1), internalKey: z.string().min(1) })

/** Secrets of this installation, made once. */
export interface InstallationKeys {
  /** Encrypts secrets at rest and signs links: 32 bytes, base64. */
  secretKey: string
  /** For the user's agents and SDKs. */
  ingestKey: string
  /** For our own agent, probe and self-telemetry. */
  internalKey: string
}

/** Reads the keys from the data directory, making those that are missing. A secret key from the environment wins. */
export function loadInstallationKeys(dataDir: string, secretFromEnvironment?: string): InstallationKeys {
  const makeKeys = () => JSON.stringify({ ingestKey: newToken('nk_'), internalKey: newToken('nk_') }, undefined, 2)
  const keysFile = path.join(dataDir, 'keys.json')
  const keys = storedKeys.safeParse(parseJson(readOrCreate(keysFile, makeKeys)))
  if (!keys.success)
    throw new NinesError(
      'invalid',
      `${keysFile} does not hold the keys any more. Restore it, or delete it to get new ones.`,
    )
  const makeSecret = () => randomBytes(32).toString('base64')
  const secretKey = secretFromEnvironment || readOrCreate(path.join(dataDir, 'secret.key'), makeSecret).trim()
  return { secretKey, ...keys.data }
}

function readOrCreate(file: string, make: () => string): string {
  try {
    writeFileSync(file, make(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw explainFileError(error, file)
  }
  return readFileSync(file, 'utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
