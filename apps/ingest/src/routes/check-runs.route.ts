import { checkRunReport, type CheckRun } from '@nines/contracts'
import { messageOf, NinesError, type Clock } from '@nines/kernel'
import type { FastifyInstance } from 'fastify'
import type { KeyDirectory } from '../auth/key-directory.ts'
import type { BlockBatcher } from '../batch/block-batcher.ts'
import type { IngestMeters } from '../ingest-meters.ts'
import { rawBodyOf } from '../http/raw-body.ts'
import { senderHooks, senderOf } from '../http/sender-route.ts'
import { retentionOf } from '../receive/retention-of.ts'

export interface CheckRunsRouteOptions {
  keys: KeyDirectory
  batcher: BlockBatcher
  clock: Clock
  meters: IngestMeters
}

const MAX_AGE_MS = 400 * 86_400_000
const MAX_AHEAD_MS = 10 * 60_000

/** POST /v1/check-runs: what probes report. Runs outside the clock window are counted as rejected, the rest is kept. */
export function registerCheckRuns(server: FastifyInstance, options: CheckRunsRouteOptions): void {
  const { keys, batcher, clock, meters } = options
  server.post('/v1/check-runs', { onRequest: senderHooks(keys, ['json']) }, async (request) => {
    const key = senderOf(request)
    const runs = parseReport(rawBodyOf(request))
    const { result, stored } = batcher.add(key.workspaceNumber, retentionOf(key.telemetry), (builder) => {
      const kept = runs.filter((run) => isTimely(run, clock.now()))
      for (const run of kept) builder.addCheckRun(run)
      return { accepted: kept.length, rejected: runs.length - kept.length }
    })
    await stored
    meters.rows('check_runs', result)
    const message = result.rejected > 0 ? 'runs older than 400 days or more than 10 minutes ahead are rejected' : ''
    return { ...result, message }
  })
}

function isTimely({ scheduledAt }: CheckRun, now: number): boolean {
  return scheduledAt >= now - MAX_AGE_MS && scheduledAt <= now + MAX_AHEAD_MS
}

function parseReport(body: Buffer): CheckRun[] {
  let json: unknown
  try {
    json = JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw new NinesError('bad_request', `the body is not valid JSON: ${messageOf(error)}`)
  }
  const parsed = checkRunReport.safeParse(json)
  if (parsed.success) return parsed.data.runs
  const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const named = issues.slice(0, 5).map(({ path, message }) => `${path}: ${message}`)
  throw new NinesError('bad_request', `not a report of check runs: ${named.join('; ')}`, { issues })
}
