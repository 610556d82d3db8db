import type { SeriesDefinition } from '@nines/contracts'
import type { Block } from '@nines/wire'
import { NativeWriter } from '../native/native-writer.ts'
import type { TableRows } from './table-rows.ts'

interface Sighting {
  workspace: number
  definition: SeriesDefinition
  firstMs: number
  lastMs: number
}

/** One row per series that the blocks announce, in the order of its first announcement. */
export function seriesRows(blocks: readonly Block[]): TableRows {
  const sightings = [...sightingsOf(blocks).values()]
  const pick = <T>(value: (definition: SeriesDefinition) => T) => sightings.map((s) => value(s.definition))
  const rows = new NativeWriter(sightings.length)
    .uint32(
      'workspace',
      Uint32Array.from(sightings, (s) => s.workspace),
    )
    .string(
      'metric',
      pick((d) => d.metric),
    )
    .uint64('series', BigUint64Array.from(pick((d) => BigInt(d.id))))
    .stringMaps(
      'labels',
      pick((d) => Object.entries(d.labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    )
    .string(
      'kind',
      pick((d) => d.kind),
    )
    .string(
      'temporality',
      pick((d) => d.temporality),
    )
    .uint8('monotonic', Uint8Array.from(pick((d) => (d.monotonic ? 1 : 0))))
    .string(
      'unit',
      pick((d) => d.unit),
    )
    .string(
      'description',
      pick((d) => d.description),
    )
    .dateTime(
      'first_seen',
      sightings.map((s) => s.firstMs),
    )
    .dateTime(
      'last_seen',
      sightings.map((s) => s.lastMs),
    )
  return { table: 'series', rows, repeatsCollapseBy: 'engine' }
}

function sightingsOf(blocks: readonly Block[]): Map<string, Sighting> {
  const sightings = new Map<string, Sighting>()
  for (const { workspace, receivedAt, series } of blocks) {
    for (const definition of series) {
      const key = `${workspace}/${definition.id}`
      const known = sightings.get(key)
      if (!known) {
        sightings.set(key, { workspace, definition, firstMs: receivedAt, lastMs: receivedAt })
        continue
      }
      known.firstMs = Math.min(known.firstMs, receivedAt)
      known.lastMs = Math.max(known.lastMs, receivedAt)
      known.definition = definition
    }
  }
  return sightings
}
