import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NinesError } from '@nines/kernel'
import { encodeBlock } from '../block/encode-block.ts'
import { mixedOrder } from '../otlp/protobuf-test-writer.ts'
import { toVersion1, toVersion2 } from './remote-write-test-messages.ts'
import { readBytes1, readBytes2 } from './remote-write-test-read.ts'
import { testSeries } from './remote-write-test-series.ts'

const versions = [
  { version: '1.0', write: toVersion1, read: readBytes1 },
  { version: '2.0', write: toVersion2, read: readBytes2 },
]
/** More for long runs. */
const numRuns = Number(process.env['NINES_FUZZ_ITERATIONS'] ?? 500)

/** Whatever came, the answer is rows that fit together or a refusal that says where. */
function expectRowsOrRefusal(read: typeof readBytes1, bytes: Buffer): void {
  try {
    const { block, written } = read(bytes)
    expect(encodeBlock(block).length).toBeGreaterThan(0)
    const rows = (table: 'samples' | 'exemplars') => block.tables.get(table)?.rows ?? 0
    expect([rows('samples'), rows('exemplars')]).toEqual([written.samples, written.exemplars])
    expect(block.histograms.length + block.exponentialHistograms.length).toBe(written.histograms)
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_request' })
    expect((error as NinesError).message).toMatch(/remote write \d\.0 protobuf(: the first of| at byte \d+ in \w+)/)
  }
}

describe.each(versions)('remote write $version', { timeout: 600_000 }, ({ write, read }) => {
  test('means the same whatever the order of the fields', () => {
    fc.assert(
      fc.property(testSeries, fc.nat(), (all, seed) => {
        const [plain, mixed] = [read(write(all)), read(write(all, mixedOrder(seed)))]
        expect(encodeBlock(mixed.block).equals(encodeBlock(plain.block))).toBe(true)
        expect(mixed.message).toBe(plain.message)
      }),
      { numRuns },
    )
  })

  test('cut anywhere gives rows or a refusal with a place', () => {
    fc.assert(
      fc.property(testSeries, fc.nat(), (all, cut) => {
        const bytes = write(all)
        expectRowsOrRefusal(read, bytes.subarray(0, cut % (bytes.length + 1)))
      }),
      { numRuns },
    )
  })

  test('with changed bytes gives rows or a refusal with a place', () => {
    const edits = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(testSeries, edits, (all, changes) => {
        const bytes = write(all)
        if (bytes.length > 0) for (const [at, byte] of changes) bytes[at % bytes.length] = byte
        expectRowsOrRefusal(read, bytes)
      }),
      { numRuns },
    )
  })
})
