import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import { postEntry } from '@nines/spool'
import { z } from 'zod'
import { checkHistory, type WatchedCheck } from './check-history.ts'
import { encodeHistory } from './encode-history.ts'
import { pastTroubles } from './past-troubles.ts'
import { MINUTE_MS, shopHistory } from './shop-history.ts'

export interface HistoryOptions {
  ingestUrl: string
  ingestKey: string
  /** Remembers which span was sent, so that a start that was cut off goes on with the same past. */
  stateFile: string
  check: WatchedCheck
  signal: AbortSignal
}

const HISTORY_DAYS = 30
const CHUNK_MINUTES = 360
const RUNS_PER_REQUEST = 1000
/** Requests under way at one time: ingest batches what arrives together. */
const PARALLEL = 4
const GIVE_UP_AFTER_MS = 120_000

const historyState = z.object({ startAt: z.number(), endAt: z.number(), complete: z.boolean() })
type HistoryState = z.infer<typeof historyState>

/** Sends a month of the shop's past through ingest, once. Returns where it ends, epoch ms, also when it was there already. */
export async function sendHistory(options: HistoryOptions): Promise<number> {
  const state = (await readState(options.stateFile)) ?? newSpan(Date.now())
  if (state.complete) return state.endAt
  await writeState(options.stateFile, state)
  const { startAt, endAt } = state
  const post = (path: string, contentType: string, body: Uint8Array) => deliver(options, path, contentType, body)
  await inParallel(metricRequests(startAt, endAt), (body) => post('/v1/metrics', 'application/x-protobuf', body))
  await inParallel(checkHistory(options.check, startAt, endAt, RUNS_PER_REQUEST), (runs) =>
    post('/v1/check-runs', 'application/json', Buffer.from(JSON.stringify({ runs }))),
  )
  await writeState(options.stateFile, { ...state, complete: true })
  return endAt
}

/** Ends a little before now: the last minute belongs to the living shop. */
function newSpan(now: number): HistoryState {
  const endAt = Math.floor(now / MINUTE_MS) * MINUTE_MS
  return { startAt: endAt - HISTORY_DAYS * 24 * 60 * MINUTE_MS, endAt, complete: false }
}

function* metricRequests(startAt: number, endAt: number): Generator<Uint8Array> {
  for (const chunk of shopHistory(startAt, endAt, pastTroubles(endAt), CHUNK_MINUTES))
    yield* encodeHistory(chunk, startAt)
}

/** Takes items in order, a few at a time. */
async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const iterator = items[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: PARALLEL }, worker))
}

async function deliver(options: HistoryOptions, path: string, contentType: string, body: Uint8Array): Promise<void> {
  const giveUpAt = Date.now() + GIVE_UP_AFTER_MS
  for (;;) {
    const outcome = await postEntry({
      url: `${options.ingestUrl}${path}`,
      headers: { authorization: `Bearer ${options.ingestKey}`, 'content-type': contentType },
      body,
      timeoutMs: 30_000,
      signal: options.signal,
    })
    if (outcome.kind === 'accepted') return
    if (outcome.kind === 'rejected' || options.signal.aborted || Date.now() > giveUpAt)
      throw new NinesError('unavailable', `the demonstration's history was not accepted: ${outcome.reason}`)
    await sleep(outcome.afterMs ?? 500, undefined, { signal: options.signal })
  }
}

async function readState(path: string): Promise<HistoryState | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  if (text === null) return null
  const parsed = historyState.safeParse(JSON.parse(text))
  return parsed.success ? parsed.data : null
}

async function writeState(path: string, state: HistoryState): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(`${path}.partial`, JSON.stringify(state))
  await rename(`${path}.partial`, path)
}
