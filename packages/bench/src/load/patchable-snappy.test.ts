import { expect, test } from 'vitest'
import { compressPatchable } from './patchable-snappy.ts'
import { remoteWriteLoad } from './remote-write-load.ts'

/** Snappy's block format as google/snappy's format_description.txt has it, for the kinds of copies that the bench writes. */
function uncompress(block: Buffer): Buffer {
  let at = 0
  let size = 0
  for (let shift = 0; ; shift += 7) {
    const byte = block[at++] ?? 0
    size |= (byte & 127) << shift
    if (byte < 128) break
  }
  const out: number[] = []
  while (at < block.length) {
    const tag = block[at++] ?? 0
    const code = tag >> 2
    if ((tag & 3) === 0) {
      const extra = code < 60 ? 0 : code - 59
      const length = extra === 0 ? code + 1 : block.readUIntLE(at, extra) + 1
      at += extra
      out.push(...block.subarray(at, at + length))
      at += length
    } else {
      const distance = block.readUInt16LE(at)
      at += 2
      for (let i = 0; i <= code; i++) out.push(out[out.length - distance] ?? 0)
    }
  }
  expect(out).toHaveLength(size)
  return Buffer.from(out)
}

test('what is compressed comes back, and bytes written into the places afterwards are there too', () => {
  const record = 'label="payments-api",route="/api/v1/cart",value=????????;'
  const source = Buffer.from(record.repeat(2000))
  const places = Uint32Array.from({ length: 2000 }, (_, i) => i * record.length + record.indexOf('?'))
  const { bytes, offsets } = compressPatchable(source, places, 8)
  expect(uncompress(bytes)).toEqual(source)
  expect(bytes.length).toBeLessThan(source.length / 2)
  offsets.forEach((at, i) => bytes.write(String(i).padStart(8, '0'), at))
  const patched = uncompress(bytes).toString()
  places.forEach((place, i) => expect(patched.slice(place, place + 8)).toBe(String(i).padStart(8, '0')))
})

test('a remote-write request advances in value and time without being made anew', () => {
  const load = remoteWriteLoad(300, 200)
  expect(load.batches.map((b) => b.rows)).toEqual([200, 100])
  const [batch] = load.batches
  const atMs = Date.UTC(2026, 5, 1)
  const samples = [1, 2].map((step) => {
    batch?.advance(atMs + step)
    return lastSample(uncompress(batch?.body ?? Buffer.alloc(0)))
  })
  expect(samples.map((s) => s.at)).toEqual([atMs + 1, atMs + 2])
  expect(samples[1]?.value).toBeGreaterThanOrEqual(samples[0]?.value ?? 0)
})

function lastSample(request: Buffer): { value: number; at: number } {
  const tail = request.subarray(-15)
  let at = 0
  for (const [i, byte] of tail.subarray(9).entries()) at += (byte & 127) * 2 ** (7 * i)
  return { value: tail.readDoubleLE(0), at }
}
