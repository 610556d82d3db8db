import { BlockBuilder } from '../block/block-builder.ts'
import { SeriesCache } from '../series/series-cache.ts'
import { MetricMetadata } from './metric-metadata.ts'
import { RemoteWriteRows } from './remote-write-rows.ts'
import { toVersion1, toVersion2, type TestSeries } from './remote-write-test-messages.ts'
import { readWriteRequest1 } from './write-request-1.ts'
import { readWriteRequest2 } from './write-request-2.ts'

export const NOW = Date.UTC(2026, 10, 26, 12)
const WORKSPACE = 7

export interface Reading {
  cache?: SeriesCache
  metadata?: MetricMetadata
}

export function readBytes1(
  bytes: Buffer,
  { cache = new SeriesCache(), metadata = new MetricMetadata() }: Reading = {},
) {
  const builder = new BlockBuilder(WORKSPACE, NOW)
  const rows = new RemoteWriteRows(builder, cache, NOW)
  readWriteRequest1(bytes, rows, metadata, WORKSPACE)
  return { block: builder.finish(), ...rows.outcome() }
}

export function readBytes2(bytes: Buffer, { cache = new SeriesCache() }: Reading = {}) {
  const builder = new BlockBuilder(WORKSPACE, NOW)
  const rows = new RemoteWriteRows(builder, cache, NOW)
  readWriteRequest2(bytes, rows)
  return { block: builder.finish(), ...rows.outcome() }
}

/** Both versions with the name that tests call them by. */
export const VERSIONS = [
  { version: '1.0', read: (series: TestSeries[], reading?: Reading) => readBytes1(toVersion1(series), reading) },
  { version: '2.0', read: (series: TestSeries[], reading?: Reading) => readBytes2(toVersion2(series), reading) },
] as const
