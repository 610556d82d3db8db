import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { messageOf, NinesError } from '@nines/kernel'

export interface CodeFiles {
  files: { path: string; content: string }[]
  /** A folder was among what was named: it may hold objects of other software. */
  hasFolder: boolean
}

const IS_CODE = /\.(?:ya?ml|json)$/i
const PASSED_OVER = /^(?:\.|node_modules$)/

/**
 * Reads what `-f` names: files, `-` for standard input, and folders with all YAML and JSON files below them (hidden ones
 * and node_modules passed over). Names in the answer are relative to `from`, with slashes, so that they are the same on
 * every machine.
 */
export async function readCodeFiles(
  names: readonly string[],
  from: string,
  stdin: NodeJS.ReadableStream,
): Promise<CodeFiles> {
  const result: CodeFiles = { files: [], hasFolder: false }
  const seen = new Set<string>()
  for (const name of names) {
    if (name === '-') {
      if (!seen.has('-')) result.files.push({ path: '-', content: await text(stdin as AsyncIterable<string>) })
      seen.add('-')
      continue
    }
    const target = path.resolve(from, name)
    const isFolder = await stat(target).then(
      (found) => found.isDirectory(),
      (error: unknown) => refuse(name, error),
    )
    result.hasFolder ||= isFolder
    const found = isFolder ? await filesBelow(target) : [target]
    if (found.length === 0) throw new NinesError('bad_request', `${name} holds no .yaml, .yml or .json file`)
    for (const file of found.filter((one) => !seen.has(one))) {
      seen.add(file)
      const content = await readFile(file, 'utf8').catch((error: unknown) => refuse(file, error))
      result.files.push({ path: path.relative(from, file).split(path.sep).join('/'), content })
    }
  }
  return result
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const parts = entries
    .filter((entry) => !PASSED_OVER.test(entry.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(async (entry) => {
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) return filesBelow(file)
      return entry.isFile() && IS_CODE.test(entry.name) ? [file] : []
    })
  return (await Promise.all(parts)).flat()
}

function refuse(name: string, error: unknown): never {
  throw new NinesError('bad_request', `${name} cannot be read: ${messageOf(error)}`, { cause: error })
}
