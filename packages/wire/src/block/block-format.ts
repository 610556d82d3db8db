import { crc32 } from 'node:zlib'
import { NinesError } from '@nines/kernel'
import type { Retention } from './block.ts'

/**
 * Layout of an encoded block, little endian:
 *
 *   header (56 bytes)
 *   directory   JSON: [[table, rows, [[column, type, [bytes of each stream]], …]], …], blanks up to a multiple of 8
 *   streams     of every column in the order of the directory, each padded to a multiple of 8
 *   check runs, slices   JSON arrays in UTF-8, empty when there is none
 *
 * The checksum covers everything else, so that a block that was damaged anywhere is refused as a whole.
 */
export const BLOCK_MAGIC = 0x4b_4c_42_4e // 'NBLK'
export const BLOCK_VERSION = 2
export const HEADER_BYTES = 56
const CHECKSUM_AT = 52

export interface BlockHeader {
  receivedAt: number
  workspace: number
  retention: Retention
  directoryBytes: number
  streamBytes: number
  checkRunBytes: number
  sliceBytes: number
}

/** [table, rows, [[column, type, [bytes of each stream]], …]] */
export type DirectoryEntry = [table: string, rows: number, columns: [name: string, type: string, bytes: number[]][]]

/** Bytes that a stream takes with its padding. */
export function paddedBytes(bytes: number): number {
  return (bytes + 7) & ~7
}

/**
 * Writes the header to the start of the first part, and last the checksum: the rest of the block must stand already. The
 * block is its parts one after the other; the first holds the whole header.
 */
export function writeHeader(parts: readonly [Buffer, ...Buffer[]], header: BlockHeader): void {
  const [bytes] = parts
  bytes.writeUInt32LE(BLOCK_MAGIC, 0)
  bytes.writeUInt16LE(BLOCK_VERSION, 4)
  bytes.writeUInt16LE(0, 6)
  bytes.writeDoubleLE(header.receivedAt, 8)
  bytes.writeUInt32LE(header.workspace, 16)
  bytes.writeUInt32LE(header.retention.metrics, 20)
  bytes.writeUInt32LE(header.retention.logs, 24)
  bytes.writeUInt32LE(header.retention.traces, 28)
  bytes.writeUInt32LE(header.directoryBytes, 32)
  bytes.writeUInt32LE(header.streamBytes, 36)
  bytes.writeUInt32LE(header.checkRunBytes, 40)
  bytes.writeUInt32LE(header.sliceBytes, 44)
  bytes.writeUInt32LE(0, 48)
  bytes.writeUInt32LE(checksumOf(parts), CHECKSUM_AT)
}

function checksumOf([first, ...rest]: readonly [Buffer, ...Buffer[]]): number {
  let checksum = crc32(first.subarray(HEADER_BYTES), crc32(first.subarray(0, CHECKSUM_AT)))
  for (const part of rest) checksum = crc32(part, checksum)
  return checksum
}

/** Checks and reads the header. Throws NinesError 'invalid' for anything that is not a whole block of this version. */
export function readHeader(bytes: Buffer): BlockHeader {
  if (bytes.length < HEADER_BYTES) throw malformed(`${bytes.length} bytes are too few for a header`)
  if (bytes.readUInt32LE(0) !== BLOCK_MAGIC) throw malformed('it does not start with the block magic')
  const version = bytes.readUInt16LE(4)
  if (version !== BLOCK_VERSION) throw malformed(`version ${version} is not known, only ${BLOCK_VERSION}`)
  const header: BlockHeader = {
    receivedAt: bytes.readDoubleLE(8),
    workspace: bytes.readUInt32LE(16),
    retention: { metrics: bytes.readUInt32LE(20), logs: bytes.readUInt32LE(24), traces: bytes.readUInt32LE(28) },
    directoryBytes: bytes.readUInt32LE(32),
    streamBytes: bytes.readUInt32LE(36),
    checkRunBytes: bytes.readUInt32LE(40),
    sliceBytes: bytes.readUInt32LE(44),
  }
  const wanted = HEADER_BYTES + header.directoryBytes + header.streamBytes + header.checkRunBytes + header.sliceBytes
  if (bytes.length !== wanted) throw malformed(`it has ${bytes.length} bytes where its header asks for ${wanted}`)
  if (bytes.readUInt32LE(CHECKSUM_AT) !== checksumOf([bytes]))
    throw malformed('its checksum does not match its content')
  return header
}

export function malformed(why: string): NinesError {
  return new NinesError('invalid', `not a readable block: ${why}`)
}
