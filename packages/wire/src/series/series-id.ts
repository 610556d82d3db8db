import { hash } from 'node:crypto'
import type { SeriesDefinition } from '@nines/contracts'
import type { SeriesDigest } from './series-table.ts'
import { sortedNames } from './sorted-names.ts'

/** What makes two points belong to the same series. Unit and description are no part of it. */
export type SeriesIdentity = Pick<SeriesDefinition, 'metric' | 'kind' | 'temporality' | 'monotonic' | 'labels'>

/** One text for each identity, whatever the order of its labels. */
export function canonicalIdentity(series: SeriesIdentity): string {
  const { metric, kind, temporality, monotonic, labels } = series
  const parts: unknown[] = [metric, kind, temporality, monotonic]
  for (const name of sortedNames(labels)) parts.push(name, labels[name])
  return JSON.stringify(parts)
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
export function digestIdentity(identity: string | Buffer): SeriesDigest {
  // A text of one character a byte costs half of what a buffer does.
  const bytes = hash('sha256', identity, 'binary')
  return [wordAt(bytes, 0), wordAt(bytes, 4), wordAt(bytes, 8), wordAt(bytes, 12)]
}

function wordAt(bytes: string, at: number): number {
  const high = bytes.charCodeAt(at + 2) | (bytes.charCodeAt(at + 3) << 8)
  return ((high << 16) | (bytes.charCodeAt(at + 1) << 8) | bytes.charCodeAt(at)) >>> 0
}
