import { flushCompileCache } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { createLogger, messageOf, type RunningApp, type StartApp } from '@nines/kernel'

/**
 * Hosts one or more apps in this process and drains them when told to stop or when the launcher is gone:
 *
 *   node host.ts ingest store
 *
 * A name is the app's (`@nines/app-<name>`); a path is taken as it stands.
 */
const names = process.argv.slice(2)
const logger = createLogger('host')
const running: RunningApp[] = []
let isStopping = false

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
process.on('disconnect', () => void stop('the launcher is gone'))
process.on('uncaughtException', (error) => fail('uncaught exception', error))
process.on('unhandledRejection', (error) => fail('unhandled rejection', error))

try {
  const entries = await Promise.all(names.map(loadApp))
  // Otherwise written only at an orderly exit, which a killed process does not have. It stops everything for seconds where nothing
  // was cached yet: it must not be an app that stops, for its heartbeat would be taken for unanswered.
  flushCompileCache()
  running.push(...(await Promise.all(entries.map(startApp))))
} catch (error) {
  fail('start failed', error)
}

async function loadApp(name: string): Promise<{ start: StartApp }> {
  const isPath = name.startsWith('.') || path.isAbsolute(name)
  return import(isPath ? pathToFileURL(path.resolve(name)).href : `@nines/app-${name}`)
}

async function startApp(entry: { start: StartApp }): Promise<RunningApp> {
  const app = await entry.start(process.env)
  logger.info({ name: app.name, url: app.url }, 'app is up')
  return app
}

async function stop(reason: string): Promise<void> {
  if (isStopping) return
  isStopping = true
  logger.info({ reason }, 'draining')
  const results = await Promise.allSettled(running.map((app) => app.stop()))
  const failed = results.filter((result) => result.status === 'rejected')
  for (const { reason: cause } of failed) logger.error({ error: messageOf(cause) }, 'an app did not stop cleanly')
  process.exit(failed.length === 0 ? 0 : 1)
}

/** State after such an error is unknown: end at once, the supervisor starts a fresh process. */
function fail(what: string, error: unknown): void {
  logger.fatal({ err: error, error: messageOf(error) }, what)
  process.exit(1)
}
