import { hash } from 'node:crypto'
import type { SeriesDefinition } from '@nines/contracts'
import type { SeriesDigest } from './series-table.ts'

/** What makes two points belong to the same series. Unit and description are no part of it. */
export type SeriesIdentity = Pick<SeriesDefinition, 'metric' | 'kind' | 'temporality' | 'monotonic' | 'labels'>

/** One text for each identity, whatever the order of its labels. */
export function canonicalIdentity(series: SeriesIdentity): string {
  const labels = Object.entries(series.labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return JSON.stringify([series.metric, series.kind, series.temporality, series.monotonic, ...labels.flat()])
}

/**
 * Id of a series: the first 64 bits of the SHA-256 of its canonical identity, as a decimal string. The same identity
 * has the same id in every process and every workspace.
 */
export function seriesId(series: SeriesIdentity): string {
  const [low, high] = digestIdentity(canonicalIdentity(series))
  return ((BigInt(high) << 32n) | BigInt(low)).toString()
}

/** Id and check words of an identity: 128 bits of its SHA-256. */
export function digestIdentity(identity: string): SeriesDigest {
  const bytes = hash('sha256', identity, 'buffer')
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12)]
}
