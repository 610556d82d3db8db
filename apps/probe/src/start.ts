import { join } from 'node:path'
import { checkRunId, runHttpCheck } from '@nines/checks'
import type { CheckRun } from '@nines/contracts'
import { startHealthServer } from '@nines/http-server'
import { startInstruments, type Instruments } from '@nines/instrument'
import { createLogger, NinesError, readConfig, type StartApp } from '@nines/kernel'
import { startAssignmentPoller } from './assignment-poller.ts'
import { CheckScheduler, type AssignedCheck } from './check-scheduler.ts'
import { probeConfig } from './probe-config.ts'
import { startRunReporter, type RunReporter } from './run-reporter.ts'

/** A probe that has not heard from ingest for this long is not ready. */
const SILENCE_LIMIT_MS = 60_000

/** Starts the probe of one location: asks ingest for checks, runs them on their grid and reports every run. */
export const start: StartApp = async (env) => {
  const config = readConfig(probeConfig, env)
  const location = config.NINES_PROBE_LOCATION
  const logger = createLogger('probe')
  const directory = join(config.NINES_DATA_DIR, `probe-${location}`)
  const ingest = { ingestUrl: config.NINES_INGEST_URL, key: config.NINES_INGEST_KEY }
  const instruments = startInstruments({
    serviceName: 'nines-probe',
    ingestUrl: ingest.ingestUrl,
    ingestKey: ingest.key,
  })
  // Listens first: a taken port must not leave anything running behind it.
  let answeredAt: () => number | null = () => null
  const health = await startHealthServer(
    { host: config.NINES_HOST, port: config.NINES_PROBE_PORT },
    { ingest: async () => requireRecentAnswer(answeredAt()) },
  )
  const reporter = await startRunReporter({ ...ingest, directory: join(directory, 'spool'), logger })
  const missed = instruments.counter('nines.probe.missed_runs', {
    unit: '{run}',
    description: 'Grid instants left out',
  })
  const scheduler = new CheckScheduler({
    location,
    concurrency: config.NINES_PROBE_CONCURRENCY,
    run: runner(location, reporter, instruments),
    onMissed: (check, reason) => {
      missed.add(1, { reason })
      logger.warn({ check: check.id, reason }, 'left out a run')
    },
  })
  const poller = await startAssignmentPoller({
    ...ingest,
    intervalMs: config.NINES_PROBE_POLL_MS,
    path: join(directory, 'assignments.json'),
    logger,
    onAssignments: ({ checks }) => scheduler.setChecks(checks),
  })
  answeredAt = () => poller.answeredAt
  instruments.observableGauge('nines.probe.spool.size', { unit: 'By' }, () => [{ value: reporter.spool.bytes }])
  logger.info({ url: health.url, location }, 'probe is up')
  return {
    name: 'probe',
    url: health.url,
    stop: async () => {
      await poller.stop()
      await scheduler.stop()
      await reporter.stop()
      await health.stop()
      await instruments.shutdown()
    },
  }
}

function requireRecentAnswer(answeredAt: number | null): void {
  if (answeredAt === null || Date.now() - answeredAt >= SILENCE_LIMIT_MS)
    throw new NinesError('unavailable', 'ingest does not say what to check')
}

/** Runs a check and reports it. A run cut off because the probe stops says nothing about the target and is left out. */
function runner(location: string, reporter: RunReporter, instruments: Instruments) {
  const runs = instruments.counter('nines.probe.runs', { unit: '{run}', description: 'Runs of checks' })
  const durations = instruments.histogram('nines.probe.run.duration', { unit: 's' })
  return async (check: AssignedCheck, scheduledAt: number, signal: AbortSignal): Promise<void> => {
    const outcome = await runHttpCheck(check.config, { timeoutMs: check.timeoutMs, signal })
    if (signal.aborted) return
    const run: CheckRun = {
      checkId: check.id,
      location,
      runId: checkRunId(check.id, location, scheduledAt),
      scheduledAt,
      ...outcome,
    }
    reporter.report(run)
    runs.add(1, { outcome: run.ok ? 'passed' : 'failed' })
    durations.record(run.durationMs / 1000)
  }
}
