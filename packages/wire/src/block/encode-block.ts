import { NinesError } from '@nines/kernel'
import type { MemoryPool } from '../columns/memory-pool.ts'
import { DEFAULT_RETENTION, type Block } from './block.ts'
import { HEADER_BYTES, paddedBytes, writeHeader, type BlockHeader, type DirectoryEntry } from './block-format.ts'
import { tablesOf } from './table-rows-of-block.ts'

const NONE = Buffer.alloc(0)

/**
 * The bytes of a block (see block-format.ts), in memory of the pool where one is given: whoever gets them gives it back.
 * Throws NinesError 'internal' when its columns do not fit together.
 */
export function encodeBlock(block: Block, memory?: MemoryPool): Buffer<ArrayBuffer> {
  const { workspace } = block
  if (!Number.isInteger(workspace) || workspace < 0 || workspace > 0xff_ff_ff_ff)
    throw new NinesError('internal', `a block was built for workspace ${workspace}, which is no 32-bit number`)
  const tables = [...tablesOf(block).values()]
  const directory = directoryOf(
    tables.map(({ name, rows, columns }): DirectoryEntry => [
      name,
      rows,
      columns.map((column) => [column.name, column.type, column.streams.map((stream) => stream.length)]),
    ]),
  )
  const streams = tables.flatMap(({ columns }) => columns.flatMap((column) => column.streams))
  const [checkRuns, slices] = [jsonOf(block.checkRuns), jsonOf(block.slices)]
  const header: BlockHeader = {
    receivedAt: block.receivedAt,
    workspace,
    retention: block.retention ?? DEFAULT_RETENTION,
    directoryBytes: directory.length,
    streamBytes: streams.reduce((sum, stream) => sum + paddedBytes(stream.length), 0),
    checkRunBytes: checkRuns.length,
    sliceBytes: slices.length,
  }
  const size = HEADER_BYTES + directory.length + header.streamBytes + checkRuns.length + slices.length
  const bytes = memory?.take(size).subarray(0, size) ?? Buffer.allocUnsafeSlow(size)
  let at = HEADER_BYTES + directory.copy(bytes, HEADER_BYTES)
  for (const stream of streams) {
    bytes.set(stream, at)
    const end = at + paddedBytes(stream.length)
    bytes.fill(0, at + stream.length, end)
    at = end
  }
  at += checkRuns.copy(bytes, at)
  slices.copy(bytes, at)
  writeHeader(bytes, header)
  return bytes
}

/** With blanks at its end, so that the streams behind it lie where typed arrays can look at them in place. */
function directoryOf(tables: readonly DirectoryEntry[]): Buffer {
  const json = jsonOf(tables)
  const padding = Buffer.alloc(paddedBytes(HEADER_BYTES + json.length) - HEADER_BYTES - json.length, ' ')
  return padding.length === 0 ? json : Buffer.concat([json, padding])
}

function jsonOf(rows: readonly unknown[]): Buffer {
  return rows.length === 0 ? NONE : Buffer.from(JSON.stringify(rows))
}
