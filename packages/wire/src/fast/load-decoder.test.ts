import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { load, loadDecoder } from './load-decoder.ts'
import { MetricDecoder } from './metric-decoder.ts'
import { NOW, seriesNamed, stored, writeRequest1 } from './remote-write.fixture.ts'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nines-decoder-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const body = stored(writeRequest1([seriesNamed('a', [{ value: 1, at: NOW }])]))
const works = (module: WebAssembly.Module) =>
  new MetricDecoder(module).remoteWrite1(body, 1, NOW, 1_000)?.missCount === 1

test('several processes at once leave one whole file, which later starts read', { timeout: 60_000 }, async () => {
  const output = path.join(folder, 'dist')
  const script = `(await import(${JSON.stringify(path.resolve(import.meta.dirname, 'load-decoder.ts'))})).load(${JSON.stringify(output)})`
  const start = () => promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  await Promise.all([start(), start()])
  const files = await readdir(output)
  expect(files).toEqual([expect.stringMatching(/^decoder-[0-9a-f]{16}\.wasm$/)])
  const file = path.join(output, files[0]!)
  const built = await readFile(file)
  expect(works(await load(output))).toBe(true)
  expect(await readFile(file)).toEqual(built)

  await writeFile(file, built.subarray(0, 1_000))
  expect(works(await load(output))).toBe(true)
  expect(await readFile(file)).toEqual(built)
})

test('a folder that cannot be written to costs the compilation, not the start', { timeout: 60_000 }, async () => {
  const file = path.join(folder, 'file')
  await writeFile(file, '')
  expect(works(await load(path.join(file, 'dist')))).toBe(true)
})

test('a process loads it once', () => {
  expect(loadDecoder()).toBe(loadDecoder())
})
