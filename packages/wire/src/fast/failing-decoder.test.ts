import { expect, test } from 'vitest'
import { kindsOf, learnAll } from './decoding.fixture.ts'
import { loadDecoder } from './load-decoder.ts'
import { MetricDecoder } from './metric-decoder.ts'
import { MissKind } from './miss.ts'
import { NOW, seriesNamed, stored, writeRequest1, writeRequest2 } from './remote-write.fixture.ts'

/** Not written into the import: the compiler's types would declare AssemblyScript's globals for all of our code. */
const COMPILER: string = 'assemblyscript/asc'
interface Compiler {
  compileString(
    source: string,
    options: Record<string, unknown>,
  ): Promise<{ error: Error | null; binary: Uint8Array<ArrayBuffer> | null }>
}
const { default: compiler } = (await import(COMPILER)) as { default: Compiler }

const MAX_BYTES = 256 * 1_048_576

/** A module like the decoder's, of which version 1 traps and version 2 reads nothing. */
const TRAPPING = `
const KEY = memory.data(1040, 16)
let known: u32 = 0
export function freeFrom(): usize { return __heap_base }
export function keyPointer(): usize { return KEY }
export function openTable(entries: usize, index: usize, limit: u32): void {}
export function tableCount(): u32 { return known }
export function setMinute(minute: u32): void {}
export function learn(low: u64, high: u64, series: u64, expires: u32): u32 { return ++known }
export function openRows(columns: usize, capacity: u32, misses: usize, missCapacity: u32, minAt: f64, maxAt: f64): void {}
export function openBody(body: usize, length: u32): void {}
export function openSymbols(digests: usize, capacity: u32): void {}
export function snappyDecompress(input: usize, length: u32, into: usize, size: u32): i32 {
  memory.copy(into, input + 3, size)
  return size
}
export function remoteWrite1(low: u64, high: u64): i32 { unreachable(); return 0 }
export function remoteWrite2(low: u64, high: u64): i32 { return 0 }
export function rowCount(): u32 { return 0 }
export function missCount(): u32 { return 0 }
export function hasStarts(): bool { return false }
`

async function compile(source: string): Promise<WebAssembly.Module> {
  const { binary } = await compiler.compileString(source, { runtime: 'stub', optimizeLevel: 0 })
  return WebAssembly.compile(new Uint8Array(binary!))
}

test('a trap leaves the body to TypeScript and a decoder that goes on, with nothing known', async () => {
  const decoder = new MetricDecoder(await compile(TRAPPING))
  decoder.learn({ low: 1n, high: 1n }, 1n, 0)
  expect(decoder.known).toBe(1)
  const raw = writeRequest1([seriesNamed('a', [{ value: 1, at: NOW }])])
  expect(decoder.remoteWrite1(stored(raw), 1, NOW, MAX_BYTES)).toBeNull()
  expect(decoder.rawBytes().equals(raw)).toBe(true)
  expect(decoder.known).toBe(0)
  expect(decoder.remoteWrite2(stored(raw), 1, NOW, MAX_BYTES)).toMatchObject({ count: 0, missCount: 0 })
  expect(decoder.rawBytes().equals(raw)).toBe(true)
})

test('a body that is too large for one memory is left to TypeScript', async () => {
  const decoder = new MetricDecoder(await loadDecoder())
  const large = Buffer.alloc(129 * 1_048_576)
  expect(decoder.otlp(large, 1, NOW)).toBeNull()
  expect(decoder.rawBytes()).toBe(large)
  expect(decoder.remoteWrite2(stored(large), 1, NOW, MAX_BYTES)).toBeNull()
  expect(decoder.rawBytes().equals(large)).toBe(true)
  const raw = writeRequest2([seriesNamed('a', [{ value: 1, at: NOW }])])
  learnAll(decoder, decoder.remoteWrite2(stored(raw), 1, NOW, MAX_BYTES))
  expect(decoder.remoteWrite2(stored(raw), 1, NOW, MAX_BYTES)).toMatchObject({ count: 1 })
})

test('a body of nothing but tiny messages is left to TypeScript instead of taking ever more memory', async () => {
  const decoder = new MetricDecoder(await loadDecoder())
  const tiny = Buffer.alloc(200_000, Buffer.from([0x0a, 0x00]))
  expect(decoder.remoteWrite1(stored(tiny), 1, NOW, MAX_BYTES)).toBeNull()
  expect(decoder.remoteWrite2(stored(Buffer.alloc(200_000, Buffer.from([0x22, 0x00]))), 1, NOW, MAX_BYTES)).toBeNull()
  expect(kindsOf(decoder.remoteWrite1(stored(tiny.subarray(0, 20)), 1, NOW, MAX_BYTES)!)).toEqual(
    Array<number>(10).fill(MissKind.plain),
  )
})
