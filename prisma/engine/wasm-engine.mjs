import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createAdapter } from './adapter.mjs'

const NO_DATABASE = 'postgresql://127.0.0.1:1/none'

/** The engine leaves the words of a panic here before it traps; they become the error's message. */
globalThis.PRISMA_WASM_PANIC_REGISTRY = {
  set_message(message) {
    throw new Error(`schema engine panicked: ${message}`)
  },
}

/** Loads the WebAssembly engine and connects it; called once, when the first request needs it. */
export async function loadEngine(url, datamodelFiles) {
  const glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const wasm = readFileSync(entry.replace(/schema_engine\.js$/, 'schema_engine_bg.wasm'))
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': glue })
  glue.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
  const datamodels = datamodelFiles.map((file) => [file, readFileSync(file, 'utf8')])
  const log = (line) => process.env.DEBUG && process.stderr.write(`${line}\n`)
  return glue.SchemaEngine.new(
    { datamodels: datamodels.length > 0 ? datamodels : undefined },
    log,
    createAdapter(url ?? NO_DATABASE),
  )
}
