import { NinesError } from '@nines/kernel'
import { DEFAULT_RETENTION, type Block } from './block.ts'
import { HEADER_BYTES, paddedBytes, writeHeader, type BlockHeader, type DirectoryEntry } from './block-format.ts'
import { tablesOf } from './table-rows-of-block.ts'

const NONE = Buffer.alloc(0)

/** What is shorter is copied: handing it over by itself costs more. */
const LEAST_APART_BYTES = 8 * 1024

/** The bytes of a block (see block-format.ts). Throws NinesError 'internal' when its columns do not fit together. */
export function encodeBlock(block: Block): Buffer {
  return Buffer.concat(encodeBlockParts(block))
}

/**
 * The same as parts, one behind the other. Long columns are handed over without a copy: the parts hold as long as the
 * block's memory does.
 */
export function encodeBlockParts(block: Block): readonly [Buffer, ...Buffer[]] {
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
  const copied = streams.reduce((sum, stream) => sum + paddedBytes(stream.length) - bytesApart(stream), 0)
  const bytes = Buffer.allocUnsafeSlow(HEADER_BYTES + directory.length + copied + checkRuns.length + slices.length)
  const parts: Buffer[] = []
  let start = 0
  let at = HEADER_BYTES + directory.copy(bytes, HEADER_BYTES)
  for (const stream of streams) {
    if (bytesApart(stream) > 0) {
      parts.push(bytes.subarray(start, at), stream)
      start = at
    } else at += stream.copy(bytes, at)
    const end = at + paddedBytes(stream.length) - stream.length
    bytes.fill(0, at, end)
    at = end
  }
  at += checkRuns.copy(bytes, at)
  slices.copy(bytes, at)
  parts.push(bytes.subarray(start))
  const [first = bytes, ...rest] = parts.filter((part) => part.length > 0)
  writeHeader([first, ...rest], header)
  return [first, ...rest]
}

/** Bytes of a column's stream that are not copied: all or none. */
function bytesApart({ length }: Buffer): number {
  return length < LEAST_APART_BYTES ? 0 : length
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
