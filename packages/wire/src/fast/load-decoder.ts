import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { NinesError } from '@nines/kernel'

const SOURCES = path.resolve(import.meta.dirname, '../../assembly')
const OUTPUT = path.resolve(import.meta.dirname, '../../dist')
const ENTRY = 'decoder.ts'
const OPTIONS = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'bulk-memory']

/** Not written into the import: the compiler's types would declare AssemblyScript's globals for all of our code. */
const COMPILER: string = 'assemblyscript/asc'

interface Compiler {
  main(
    args: readonly string[],
    host: {
      stderr: { write(text: string | Uint8Array): void }
      readFile(name: string): string | null
      listFiles(): string[]
      writeFile(name: string, content: Uint8Array | string): void
    },
  ): Promise<{ error: Error | null }>
}

let loading: Promise<WebAssembly.Module> | undefined

/**
 * The decoder's WebAssembly module, one for the process. It is compiled from `assembly/` (AssemblyScript, about a
 * second) where no process has done so yet for these very sources and this compiler; after that it is read from `dist/`,
 * a few milliseconds. Throws NinesError 'internal' when the sources do not compile.
 */
export function loadDecoder(): Promise<WebAssembly.Module> {
  loading ??= load(OUTPUT)
  return loading
}

/** The same with another folder for the compiled module, and never from memory. */
export async function load(output: string): Promise<WebAssembly.Module> {
  const sources = await readSources()
  const file = path.join(output, `decoder-${hashOf(sources)}.wasm`)
  const built = await readFile(file).catch(() => null)
  if (built && WebAssembly.validate(built)) return WebAssembly.compile(built)
  const binary = await compile(sources)
  await keep(file, binary)
  return WebAssembly.compile(binary)
}

/** File name -> content. */
type Sources = Map<string, string>

async function readSources(): Promise<Sources> {
  const names = (await readdir(SOURCES)).filter((name) => name.endsWith('.ts')).toSorted()
  const texts = await Promise.all(names.map((name) => readFile(path.join(SOURCES, name), 'utf8')))
  return new Map(names.map((name, i) => [name, texts[i]!]))
}

function hashOf(sources: Sources): string {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json') as { version: string }
  const hash = createHash('sha256').update(JSON.stringify([version, OPTIONS]))
  for (const entry of sources) hash.update(JSON.stringify(entry))
  return hash.digest('hex').slice(0, 16)
}

async function compile(sources: Sources): Promise<Uint8Array<ArrayBuffer>> {
  // Only here: it brings Binaryen, which takes longer to load than everything else.
  const { default: asc } = (await import(COMPILER)) as { default: Compiler }
  let binary: Uint8Array<ArrayBuffer> | undefined
  const complaints: string[] = []
  const { error } = await asc.main([ENTRY, '--outFile', 'decoder.wasm', ...OPTIONS], {
    stderr: { write: (text) => void complaints.push(text.toString()) },
    readFile: (name) => sources.get(path.basename(name)) ?? null,
    listFiles: () => [],
    writeFile: (_name, content) => {
      if (typeof content !== 'string') binary = new Uint8Array(content)
    },
  })
  if (error || !binary)
    throw new NinesError('internal', `the decoder does not compile: ${complaints.join('') || error}`)
  return binary
}

/** Any number of processes may do this at once: the file appears whole. Without a writable folder each compiles anew. */
async function keep(file: string, binary: Uint8Array): Promise<void> {
  const draft = `${file}.${randomUUID()}`
  try {
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(draft, binary)
    await rename(draft, file)
  } catch {
    await rm(draft, { force: true }).catch(() => {})
  }
}
