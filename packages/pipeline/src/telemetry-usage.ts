import type { SeriesUsage, TelemetrySignal, TelemetryUsagePeriod } from '@nines/contracts'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { readSeriesUsage } from './series-usage.ts'

/** What one ingest process took and refused of a workspace since it last told. */
export interface UsageTally {
  workspaceId: string
  accepted: { signal: TelemetrySignal; rows: number; bytes: number }[]
  refused: { signal: TelemetrySignal; reason: string; metric: string | null; rows: number; requests: number }[]
}

interface Granularity {
  name: string
  bucketMs: number
  buckets: number
}

/** An hour in steps of five minutes, a day in steps of an hour; the newest step is the one that is being filled. */
const HOUR: Granularity = { name: '5m', bucketMs: 5 * 60_000, buckets: 12 }
const DAY: Granularity = { name: '1h', bucketMs: 60 * 60_000, buckets: 24 }
/** Names of refused metrics come from senders; beyond this many fields of a step they are counted without the name. */
const MAX_FIELDS = 1_000

const field = z.tuple([z.enum(['accepted', 'refused']), z.string(), z.string(), z.string().nullable(), z.string()])
type Field = ['accepted' | 'refused', signal: TelemetrySignal, reason: string, metric: string | null, unit: string]

const bucketKey = (prefix: string, workspaceId: string, { name, bucketMs }: Granularity, at: number) =>
  `${prefix}:usage:${name}:${workspaceId}:${Math.floor(at / bucketMs)}`

/** Adds to the workspaces' counters; they expire by themselves once nobody can ask for them. */
export async function addTelemetryUsage(
  redis: Redis,
  prefix: string,
  tallies: readonly UsageTally[],
  now: number,
): Promise<void> {
  for (const tally of tallies) {
    for (const granularity of [HOUR, DAY]) {
      const key = bucketKey(prefix, tally.workspaceId, granularity, now)
      const isCrowded = (await redis.hlen(key)) > MAX_FIELDS
      const batch = redis.pipeline()
      for (const [name, value] of fieldsOf(tally, isCrowded)) batch.hincrby(key, name, value)
      batch.pexpire(key, granularity.bucketMs * (granularity.buckets + 1))
      for (const [error] of (await batch.exec()) ?? []) if (error) throw error
    }
  }
}

/** What a workspace sent in the last hour and day, and what its series are. */
export async function readTelemetryUsage(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  now: number,
): Promise<{ hour: TelemetryUsagePeriod; day: TelemetryUsagePeriod; series: Omit<SeriesUsage, 'maxActiveSeries'> }> {
  const [hour, day, series] = await Promise.all([
    readPeriod(redis, prefix, workspaceId, HOUR, now),
    readPeriod(redis, prefix, workspaceId, DAY, now),
    readSeriesUsage(redis, prefix, workspaceId),
  ])
  return { hour, day, series }
}

async function readPeriod(
  redis: Redis,
  prefix: string,
  workspaceId: string,
  granularity: Granularity,
  now: number,
): Promise<TelemetryUsagePeriod> {
  const { bucketMs, buckets } = granularity
  const first = (Math.floor(now / bucketMs) - buckets + 1) * bucketMs
  const steps = Array.from({ length: buckets }, (_, i) => first + i * bucketMs)
  const hashes = await Promise.all(steps.map((at) => redis.hgetall(bucketKey(prefix, workspaceId, granularity, at))))
  const totals = new Map<string, number>()
  for (const [name, value] of hashes.flatMap((hash) => Object.entries(hash)))
    totals.set(name, (totals.get(name) ?? 0) + Number(value))
  return { from: new Date(first).toISOString(), to: new Date(now).toISOString(), ...summarise(totals) }
}

function summarise(totals: ReadonlyMap<string, number>): Pick<TelemetryUsagePeriod, 'signals' | 'refusals'> {
  const signals = (['metrics', 'logs', 'traces'] as const).map((signal) => ({
    signal,
    acceptedRows: 0,
    acceptedBytes: 0,
    refusedRows: 0,
    refusedRequests: 0,
  }))
  const refusals = new Map<string, TelemetryUsagePeriod['refusals'][number]>()
  for (const [name, value] of totals) {
    const [outcome, signal, reason, metric, unit] = parseField(name)
    const total = signals.find((known) => known.signal === signal)
    if (!total) continue
    if (outcome === 'accepted') {
      total[unit === 'rows' ? 'acceptedRows' : 'acceptedBytes'] += value
      continue
    }
    total[unit === 'rows' ? 'refusedRows' : 'refusedRequests'] += value
    const id = JSON.stringify([signal, reason, metric])
    const refusal = refusals.get(id) ?? { signal: total.signal, reason, metric, rows: 0, requests: 0 }
    refusal[unit === 'rows' ? 'rows' : 'requests'] += value
    refusals.set(id, refusal)
  }
  const byCount = [...refusals.values()].toSorted((a, b) => b.rows + b.requests - (a.rows + a.requests))
  return { signals, refusals: byCount.slice(0, 100) }
}

function* fieldsOf(tally: UsageTally, isCrowded: boolean): Generator<[string, number]> {
  for (const { signal, rows, bytes } of tally.accepted) {
    if (rows > 0) yield [nameOf(['accepted', signal, '', null, 'rows']), rows]
    if (bytes > 0) yield [nameOf(['accepted', signal, '', null, 'bytes']), bytes]
  }
  for (const { signal, reason, metric, rows, requests } of tally.refused) {
    const named = isCrowded ? null : metric
    if (rows > 0) yield [nameOf(['refused', signal, reason, named, 'rows']), rows]
    if (requests > 0) yield [nameOf(['refused', signal, reason, named, 'requests']), requests]
  }
}

const nameOf = (parts: Field): string => JSON.stringify(parts)

/** A field that another version wrote in another shape counts for no signal. */
function parseField(name: string): z.infer<typeof field> {
  try {
    return field.parse(JSON.parse(name))
  } catch {
    return ['accepted', '', '', null, '']
  }
}
