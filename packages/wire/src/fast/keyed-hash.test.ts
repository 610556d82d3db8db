import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { DONE, KEY_BYTES, type DecoderExports } from './decoder-exports.ts'
import { DecoderMemory } from './decoder-memory.ts'
import { loadDecoder } from './load-decoder.ts'
import { readMiss } from './miss.ts'
import { bytes, integer, message } from './protobuf-writer.fixture.ts'
import { NOW } from './remote-write.fixture.ts'

const exports = new WebAssembly.Instance(await loadDecoder()).exports as unknown as DecoderExports
const memory = new DecoderMemory(exports, 16)
const key = Buffer.from(memory.bytes(exports.keyPointer(), KEY_BYTES))

const low64 = (value: bigint) => BigInt.asUintN(64, value)
const wordsOf = (block: Buffer) => Array.from({ length: 8 }, (_, i) => block.readUInt32LE(4 * i))

/** One half of the hash of up to 1 KiB as RFC 4418 defines NH, under the key from word `shift` on. */
function nh(content: Buffer, shift: number): bigint {
  let total = 0n
  for (let at = 0, block = 0; block === 0 || at < content.length; at += 32, block++) {
    const isLast = content.length - at <= 32
    const words = wordsOf(isLast ? lastBlock(content) : content.subarray(at, at + 32))
    const secret = (i: number) => key.readUInt32LE(4 * (8 * block + shift + i))
    const sum = (i: number) => BigInt((words[i]! + secret(i)) >>> 0)
    for (let i = 0; i < 4; i++) total = low64(total + sum(i) * sum(i + 4))
  }
  return total
}

/** The last 32 bytes; of less, two halves that may overlap; of less than a half, that and zeros. */
function lastBlock(content: Buffer): Buffer {
  if (content.length >= 32) return content.subarray(-32)
  if (content.length >= 16) return Buffer.concat([content.subarray(0, 16), content.subarray(-16)])
  return Buffer.concat([content, Buffer.alloc(32 - content.length)])
}

function spread(word: bigint): bigint {
  let x = word
  x = low64((x ^ (x >> 33n)) * 0xff51afd7ed558ccdn)
  x = low64((x ^ (x >> 33n)) * 0xc4ceb9fe1a85ec53n)
  return x ^ (x >> 33n)
}

function expected(content: Buffer, start: [bigint, bigint]) {
  let state = start
  let rest = content
  for (;;) {
    const chunk = rest.subarray(0, 1_024)
    const length = BigInt(chunk.length) * 0x9e3779b185ebca87n
    state = [spread(low64(state[0] + nh(chunk, 0) + length)), spread(low64(state[1] + nh(chunk, 4) + length))]
    if (rest.length <= 1_024) return { low: state[0], high: state[1] }
    rest = rest.subarray(1_024)
  }
}

test('the key of a series is NH, twice, of the bytes of its labels', () => {
  const start: [bigint, bigint] = [0x0123456789abcdefn, 0xfedcba9876543210n]
  for (const length of [...Array(80).keys(), 250, 1_018, 1_019, 1_020, 1_021, 1_022, 2_100, 5_000]) {
    const labels = bytes(1, randomBytes(length))
    const raw = message(1, [labels, message(2, [integer(2, NOW)])])
    memory.placeBody(raw)
    memory.openResults(raw.length, 0, NOW)
    expect(exports.remoteWrite1(...start)).toBe(DONE)
    const misses = new Uint32Array(memory.buffer, memory.misses, 13)
    expect(readMiss(misses, 0).key, `${length} bytes`).toEqual(expected(labels, start))
  }
})
