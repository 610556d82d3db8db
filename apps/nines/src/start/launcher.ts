import path from 'node:path'
import { prepareDataDirectory } from '@nines/embedded'
import { NinesError } from '@nines/kernel'
import { startAppProcess } from '../supervise/app-process.ts'
import { LauncherLock } from '../supervise/launcher-lock.ts'
import { LogWatcher } from '../supervise/log-watcher.ts'
import { Supervised, type RunningProcess } from '../supervise/supervised.ts'
import { portVariable, type AppProcessPlan } from './app-plan.ts'
import type { Progress } from './progress.ts'
import type { StorePlan } from './store-plan.ts'

/** Crashes in a row during the first start that are taken for a fault which restarting will not heal. */
const HOPELESS_CRASHES = 4

interface ProcessLabel {
  /** For people. */
  title: string
  /** For the lock file: the store, or each app that the process hosts. */
  names: string[]
}

/** Runs stores and apps for one data directory and stops them in order. */
export class Launcher {
  readonly #dataDir: string
  readonly #lock: LauncherLock
  readonly #progress: Progress
  readonly #logs: LogWatcher
  readonly #stores: Supervised[] = []
  readonly #apps: Supervised[] = []
  #isStarting = true
  #isStopping = false
  #hopeless: string | undefined

  private constructor(dataDir: string, lock: LauncherLock, progress: Progress) {
    this.#dataDir = dataDir
    this.#lock = lock
    this.#progress = progress
    this.#logs = new LogWatcher((line) => progress.warn(line))
  }

  /** Takes the data directory; what a killed launcher left in it is ended first. */
  static async open(dataDir: string, progress: Progress): Promise<Launcher> {
    const prepared = prepareDataDirectory(dataDir)
    return new Launcher(prepared, await LauncherLock.acquire(prepared), progress)
  }

  logFile(name: string): string {
    return path.join(this.#dataDir, 'logs', `${name}.log`)
  }

  /** Starts a store and keeps it running. Gives its URL, which stays the same through restarts. */
  async startStore(plan: StorePlan): Promise<string> {
    let url = ''
    const spawn = async (): Promise<RunningProcess> => {
      const store = await plan.start()
      url = store.url
      return store
    }
    await this.#supervise(this.#stores, { title: plan.title, names: [plan.name] }, spawn)
    return url
  }

  /** Starts a process with its apps and keeps it running. */
  async startApps(plan: AppProcessPlan, env: Record<string, string>): Promise<void> {
    const logFile = this.logFile(plan.name)
    this.#logs.follow(plan.name, logFile)
    const label = { title: plan.name, names: plan.apps.map((app) => path.parse(app).name) }
    const urls = plan.apps.flatMap((app) => {
      const port = env[portVariable(app)]
      return port ? [`http://127.0.0.1:${port}/healthz`] : []
    })
    await this.#supervise(this.#apps, label, async () =>
      startAppProcess({ apps: plan.apps, env, logFile, liveness: { urls } }),
    )
  }

  /** During the first start: why waiting any longer is in vain. */
  get startProblem(): string | undefined {
    return this.#isStopping ? 'told to stop while starting' : this.#hopeless
  }

  /** From now on every crash is worth a line. */
  markStarted(): void {
    this.#isStarting = false
  }

  /** Drains the apps one after the other, then stops the stores, then gives the directory back. */
  async stop(): Promise<void> {
    if (this.#isStopping) return
    this.#isStopping = true
    for (const app of this.#apps) await app.stop()
    await Promise.all(this.#stores.map((store) => store.stop()))
    this.#logs.stop()
    this.#lock.release()
  }

  async #supervise(group: Supervised[], label: ProcessLabel, spawn: () => Promise<RunningProcess>): Promise<void> {
    if (this.#isStopping) throw new NinesError('unavailable', 'stopped while starting')
    const supervised = new Supervised(label.title, spawn, {
      onStart: (_title, pid) => label.names.forEach((name) => this.#lock.recordChild(name, pid)),
      onCrash: (title, reason, crashes, delayMs) => this.#reportCrash(title, reason, crashes, delayMs),
    })
    group.push(supervised)
    await supervised.start()
  }

  #reportCrash(name: string, reason: string, crashes: number, delayMs: number): void {
    if (this.#isStarting && crashes >= HOPELESS_CRASHES)
      this.#hopeless = `${name} ended ${crashes} times while starting (${reason})`
    this.#progress.warn(`${name} ended (${reason}); starting it again in ${delayMs} ms`)
  }
}
