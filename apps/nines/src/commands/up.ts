import { generateClient } from '@nines/schema'
import { Command } from 'commander'
import { launchDemo } from '../demo/launch-demo.ts'
import { appEnvironment } from '../start/app-environment.ts'
import { appProcesses, chooseInternalPorts, portVariable } from '../start/app-plan.ts'
import { banner } from '../start/banner.ts'
import { loadInstallationKeys } from '../start/installation-keys.ts'
import { Launcher } from '../start/launcher.ts'
import { bootstrap, migrateStores } from '../start/prepare-installation.ts'
import { Progress } from '../start/progress.ts'
import { requirePublicPorts } from '../start/public-ports.ts'
import { untilReady, type ReadinessTarget } from '../start/readiness.ts'
import { readSettings, type LauncherSettings, type StoreName } from '../start/settings.ts'
import { planStores } from '../start/store-plan.ts'
import { buildWeb } from '../start/web-build.ts'

const READY_WITHIN_MS = 60_000
/** Signals that follow the first one this closely come from the same Ctrl-C by way of npm. */
const SAME_CTRL_C_MS = 1_500

/** `nines up [--demo]`: everything on this machine, until told to stop. */
export function upCommand(): Command {
  return new Command('up')
    .description('start the stores and every app on this machine')
    .option('--demo', 'a workspace filled with a demonstration', false)
    .action(async (options: { demo: boolean }) => {
      const startedAtMs = Number(process.env.NINES_BOOT_STARTED_MS ?? Date.now())
      await up(new Progress(startedAtMs), options.demo)
    })
}

async function up(progress: Progress, demo: boolean): Promise<void> {
  const settings = readSettings(process.env)
  const launcher = await Launcher.open(settings.dataDir, progress)
  const toldToStop = listenForSignals()
  try {
    const starting = start(launcher, settings, progress, demo)
    // A stop in the middle of the start makes later steps fail; their errors are then of no interest.
    starting.catch(() => {})
    await Promise.race([starting, toldToStop])
    await toldToStop
    progress.note('stopping: apps drain, then the stores')
  } finally {
    await launcher.stop()
  }
  progress.note('stopped')
}

async function start(launcher: Launcher, settings: LauncherSettings, progress: Progress, demo: boolean): Promise<void> {
  await requirePublicPorts(settings)
  const keys = loadInstallationKeys(settings.dataDir, process.env.NINES_SECRET_KEY)
  const [storeUrls, internalPorts] = await Promise.all([
    startStores(launcher, settings, progress),
    chooseInternalPorts(process.env),
    progress.step('database client', generateClient, (made) =>
      made ? 'database client generated' : 'database client is current',
    ),
    progress.step('building the web app', buildWeb, (built) => (built ? 'web app built' : 'web app is current')),
  ])
  const env = appEnvironment({ settings, keys, storeUrls, internalPorts, demo }, process.env)
  const {
    DATABASE_URL: databaseUrl = '',
    CLICKHOUSE_URL: clickhouseUrl = '',
    CLICKHOUSE_DATABASE: clickhouseDatabase = '',
    CLICKHOUSE_CLUSTER: clickhouseCluster,
  } = env
  const options = { databaseUrl, clickhouseUrl, clickhouseDatabase, clickhouseCluster, ...keys, demo }
  const installation = await progress.step('databases migrated', async () => {
    await migrateStores(options)
    return bootstrap(options)
  })
  await progress.step('apps are ready', () => startApps(launcher, env))
  const demoUrl = demo ? await progress.step('demonstration is ready', () => launchDemo(launcher, env)) : null
  launcher.markStarted()
  const { publicUrl, ingestPort, ingestGrpcPort, dataDir } = settings
  const { setupToken } = installation
  const facts = { publicUrl, ingestPort, ingestGrpcPort, dataDir, ingestKey: keys.ingestKey, setupToken, demoUrl }
  process.stdout.write(`${banner({ ...facts, readyAfterSeconds: progress.elapsedSeconds })}\n`)
}

async function startStores(
  launcher: Launcher,
  settings: LauncherSettings,
  progress: Progress,
): Promise<Record<StoreName, string>> {
  const plans = await planStores(settings, (line) => progress.note(line))
  const started = await Promise.all(
    plans.map(
      async (plan) => [plan.name, await progress.step(`${plan.title} is up`, () => launcher.startStore(plan))] as const,
    ),
  )
  const { postgres = '', clickhouse = '', redis = '' } = { ...settings.storeUrls, ...Object.fromEntries(started) }
  return { postgres, clickhouse, redis }
}

async function startApps(launcher: Launcher, env: Record<string, string>): Promise<void> {
  await Promise.all(appProcesses.map((plan) => launcher.startApps(plan, env)))
  const targets = appProcesses.flatMap((plan): ReadinessTarget[] =>
    plan.apps.map((app) => ({
      name: app,
      url: `http://127.0.0.1:${env[portVariable(app)]}/readyz`,
      logFile: launcher.logFile(plan.name),
    })),
  )
  await untilReady(targets, READY_WITHIN_MS, () => launcher.startProblem)
}

/** Settles at the first signal. Another Ctrl-C after that ends this process at once; the next start cleans up. */
function listenForSignals(): Promise<void> {
  let firstAtMs: number | undefined
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        firstAtMs ??= Date.now()
        if (signal === 'SIGINT' && Date.now() - firstAtMs > SAME_CTRL_C_MS) process.exit(130)
        resolve()
      })
    }
  })
}
