import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { NinesError } from '@nines/kernel'
import { inCheckout } from '../checkout.ts'

const web = inCheckout('apps/web')
const stampFile = path.join(web, 'dist/.stamp')
/** Everything the bundle is made from; of the lockfile any change counts. */
const SOURCES = [web, inCheckout('packages/contracts/src'), inCheckout('pnpm-lock.yaml')]
const NOT_SOURCES = new Set(['node_modules', 'dist', '.vite'])

/** Builds the web app unless the present bundle came from these very sources. Says whether it built. */
export async function buildWeb(force = false): Promise<boolean> {
  const stamp = hashOf(SOURCES)
  if (!force && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return false
  const child = spawn(path.join(web, 'node_modules/.bin/vite'), ['build'], {
    cwd: web,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new NinesError('internal', `the web app could not be built:\n${output.trim()}`)
  writeFileSync(stampFile, stamp)
  return true
}

function hashOf(roots: string[]): string {
  const hash = createHash('sha256')
  for (const file of roots.flatMap(filesUnder)) hash.update(file).update('\0').update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function filesUnder(file: string): string[] {
  if (NOT_SOURCES.has(path.basename(file))) return []
  const entries = readEntries(file)
  return entries === undefined ? [file] : entries.toSorted().flatMap((entry) => filesUnder(path.join(file, entry)))
}

/** Names in a folder, or undefined for a file. */
function readEntries(folder: string): string[] | undefined {
  try {
    return readdirSync(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined
    throw error
  }
}
