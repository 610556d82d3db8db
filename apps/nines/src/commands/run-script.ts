import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { NinesError } from '@nines/kernel'
import { inCheckout } from '../checkout.ts'

/** Names of the scripts `<folder>/<name><suffix>` in the checkout. */
export function listScripts(folder: string, suffix: string): string[] {
  const directory = inCheckout(folder)
  if (!existsSync(directory)) return []
  const files = readdirSync(directory).filter((file) => file.endsWith(suffix))
  return files.map((file) => file.slice(0, -suffix.length)).toSorted()
}

/** Runs one of them with our Node and takes over its exit code. Throws NinesError listing the names when there is none such. */
export async function runNamedScript(folder: string, suffix: string, name: string, args: string[]): Promise<void> {
  const names = listScripts(folder, suffix)
  if (!names.includes(name)) {
    const known = names.length > 0 ? `There are: ${names.join(', ')}.` : 'There are none yet.'
    throw new NinesError('not_found', `no ${JSON.stringify(name)} in ${folder}. ${known}`)
  }
  await runScript(path.join(folder, name + suffix), args)
}

/** Runs a script of the checkout with our Node, hands signals on, and takes over its exit code. */
export async function runScript(file: string, args: string[]): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', inCheckout(file), ...args], {
    stdio: 'inherit',
  })
  const forward = (signal: NodeJS.Signals) => child.kill(signal)
  process.on('SIGINT', forward)
  process.on('SIGTERM', forward)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  process.exitCode = code ?? 1
}
