import { spawn } from 'node:child_process'
import path from 'node:path'
import { NinesError } from '@nines/kernel'
import { schemaFolder } from './migrations.ts'

/** Runs the Prisma CLI with our schema engine in place of the one it would download. Throws with its output when it fails. */
export async function runPrisma(args: string[], env: Record<string, string> = {}): Promise<string> {
  const child = spawn(path.join(schemaFolder, 'node_modules/.bin/prisma'), args, {
    cwd: schemaFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
      PRISMA_SCHEMA_ENGINE_BINARY: path.join(schemaFolder, 'schema-engine.mjs'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
      ...env,
    },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new NinesError('internal', `prisma ${args.join(' ')} failed:\n${output.trim()}`)
  return output
}
