import { NinesError } from '@nines/kernel'
import { createBlockStream } from '@nines/pipeline'
import { createTelemetry } from '@nines/telemetry'
import type { Block } from '@nines/wire'
import type { NinesTarget } from '../targets/nines.ts'

type Slice = Block['slices'][number]

/** Every slice that evaluation gave out, once for every revision, as its copy in the feed says. */
export async function writtenSlices({ feed, evaluation }: NinesTarget): Promise<Slice[]> {
  if (!feed) throw new NinesError('internal', 'evaluation was not started with a feed')
  const stream = createBlockStream({ redisUrl: feed.redisUrl, prefix: evaluation.redisPrefix })
  const slices: Slice[] = []
  try {
    let after: string | undefined = '0-0'
    while (after !== undefined) {
      const entries = await stream.read(0, after)
      for (const { block } of entries) slices.push(...block.slices)
      after = entries.at(-1)?.id
    }
    return slices
  } finally {
    await stream.close()
  }
}

/** Throws unless exactly these slices are in the telemetry store, each once and as it was written. */
export async function requireStoredOnce({ telemetry: address }: NinesTarget, written: readonly Slice[]): Promise<void> {
  const missing = new Map(written.map((slice) => [identityOf(slice), slice]))
  if (missing.size !== written.length) throw new NinesError('internal', 'evaluation gave a revision out twice')
  const telemetry = createTelemetry(address)
  try {
    const rows = await telemetry.columns(
      'SELECT slo_id, version, minute, good, total, expected, toFloat64(revision) AS revision_ms FROM slices',
    )
    const sloId = rows.texts('slo_id')
    const column = (name: string) => {
      const values = rows.numbers(name)
      return (i: number) => values[i] ?? NaN
    }
    const [version, minute, revision] = [column('version'), column('minute'), column('revision_ms')]
    const [good, total, expected] = [column('good'), column('total'), column('expected')]
    for (let i = 0; i < rows.rowCount; i++) {
      const stored: Slice = {
        sloId: sloId[i] ?? '',
        version: version(i),
        minute: minute(i),
        good: good(i),
        total: total(i),
        expected: expected(i),
        revision: revision(i),
      }
      const slice = missing.get(identityOf(stored))
      if (!slice) throw new NinesError('internal', `stored, but not written or twice: ${JSON.stringify(stored)}`)
      if (slice.good !== stored.good || slice.total !== stored.total || slice.expected !== stored.expected)
        throw new NinesError('internal', `${JSON.stringify(slice)} was stored as ${JSON.stringify(stored)}`)
      missing.delete(identityOf(stored))
    }
  } finally {
    await telemetry.close()
  }
  if (missing.size > 0) throw new NinesError('internal', `${missing.size} of ${written.length} slices are not stored`)
}

/** Throws unless the newest revisions of each SLO add up to the events that were sent. */
export function requireAllCounted(written: readonly Slice[], ids: readonly string[], totals: Float64Array): void {
  const newest = new Map<string, Slice>()
  for (const slice of written) {
    const key = `${slice.sloId} ${slice.minute}`
    if ((newest.get(key)?.revision ?? -1) < slice.revision) newest.set(key, slice)
  }
  const sums = new Map<string, number>()
  for (const { sloId, total } of newest.values()) sums.set(sloId, (sums.get(sloId) ?? 0) + total)
  for (const [slo, id] of ids.entries()) {
    if ((sums.get(id) ?? 0) !== totals[slo])
      throw new NinesError('internal', `SLO ${slo} has ${sums.get(id)} events in its slices, ${totals[slo]} were sent`)
  }
}

const identityOf = ({ sloId, version, minute, revision }: Slice) => `${sloId} ${version} ${minute} ${revision}`
