import { crc32 } from 'node:zlib'
import { NinesError } from '@nines/kernel'

/**
 * Layout of an encoded block, little endian:
 *
 *   header (48 bytes)
 *   samples     series u64[n], at f64[n], start f64[n], value f64[n]
 *   histograms  series u64[h], at, start, count, sum, min, max f64[h], buckets u32[h] (padded to 8 bytes),
 *               bounds f64[b - h], bucket counts f64[b]
 *   series, check runs, slices   JSON arrays in UTF-8, empty when there is none
 *
 * The checksum covers everything else, so that a block that was damaged anywhere is refused as a whole.
 */
export const BLOCK_MAGIC = 0x4b_4c_42_4e // 'NBLK'
export const BLOCK_VERSION = 1
export const HEADER_BYTES = 48
const CHECKSUM_AT = 44
export const SAMPLE_BYTES = 32
/** Seven 8-byte columns; the bucket counts follow apart. */
export const HISTOGRAM_BYTES = 56

export interface BlockHeader {
  receivedAt: number
  workspace: number
  samples: number
  histograms: number
  /** Buckets of all histograms together. */
  buckets: number
  seriesBytes: number
  checkRunBytes: number
  sliceBytes: number
}

/** Bytes that the columns of a block take, the padding included. */
export function columnBytes(header: Pick<BlockHeader, 'samples' | 'histograms' | 'buckets'>): number {
  const { samples, histograms, buckets } = header
  const lengths = 8 * Math.ceil(histograms / 2)
  return samples * SAMPLE_BYTES + histograms * HISTOGRAM_BYTES + lengths + 8 * (buckets - histograms) + 8 * buckets
}

/** Writes the header, and last the checksum: the rest of the block must stand already. */
export function writeHeader(bytes: Buffer, header: BlockHeader): void {
  bytes.writeUInt32LE(BLOCK_MAGIC, 0)
  bytes.writeUInt16LE(BLOCK_VERSION, 4)
  bytes.writeUInt16LE(0, 6)
  bytes.writeDoubleLE(header.receivedAt, 8)
  bytes.writeUInt32LE(header.workspace, 16)
  bytes.writeUInt32LE(header.samples, 20)
  bytes.writeUInt32LE(header.histograms, 24)
  bytes.writeUInt32LE(header.buckets, 28)
  bytes.writeUInt32LE(header.seriesBytes, 32)
  bytes.writeUInt32LE(header.checkRunBytes, 36)
  bytes.writeUInt32LE(header.sliceBytes, 40)
  bytes.writeUInt32LE(checksumOf(bytes), CHECKSUM_AT)
}

function checksumOf(bytes: Buffer): number {
  return crc32(bytes.subarray(HEADER_BYTES), crc32(bytes.subarray(0, CHECKSUM_AT)))
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
    samples: bytes.readUInt32LE(20),
    histograms: bytes.readUInt32LE(24),
    buckets: bytes.readUInt32LE(28),
    seriesBytes: bytes.readUInt32LE(32),
    checkRunBytes: bytes.readUInt32LE(36),
    sliceBytes: bytes.readUInt32LE(40),
  }
  if (header.buckets < header.histograms) throw malformed('it has fewer buckets than histograms')
  const wanted = HEADER_BYTES + columnBytes(header) + header.seriesBytes + header.checkRunBytes + header.sliceBytes
  if (bytes.length !== wanted) throw malformed(`it has ${bytes.length} bytes where its header asks for ${wanted}`)
  if (bytes.readUInt32LE(CHECKSUM_AT) !== checksumOf(bytes)) throw malformed('its checksum does not match its content')
  return header
}

export function malformed(why: string): NinesError {
  return new NinesError('invalid', `not a readable block: ${why}`)
}
