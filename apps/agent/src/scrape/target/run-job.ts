import type { ScrapeJob } from '../config/scrape-job.ts'
import type { TargetGroup } from '../config/target-group.ts'
import type { FileProblem } from '../config/yaml-places.ts'
import { watchTargetFiles } from '../discovery/watch-target-files.ts'
import { scrapeTargets } from './scrape-target.ts'
import { startTargetLoop, type TargetLoop, type TargetLoopOptions } from './start-target-loop.ts'

export interface RunningJob {
  readonly targets: number
  /** Targets whose last scrape failed. */
  readonly down: number
  stop(): Promise<void>
}

export type JobOptions = Omit<TargetLoopOptions, 'target'> & {
  job: ScrapeJob
  onProblems: (problems: FileProblem[]) => void
}

/** Scrapes the job's targets, those in its files as the files change. */
export function runJob(options: JobOptions): RunningJob {
  const { job, logger } = options
  const loops = new Map<string, TargetLoop>()
  const retiring = new Set<Promise<void>>()
  const groups: TargetGroup[][] = [job.staticGroups, ...job.fileSources.map(() => [])]
  const told = new Set<string>()
  let isStopping = false

  const tellOnce = (address: string, what: string): void => {
    if (told.has(address)) return
    told.add(address)
    options.onProblems([{ where: `target ${JSON.stringify(address)} of job ${JSON.stringify(job.name)}`, what }])
  }
  const sync = (): void => {
    if (isStopping) return
    const wanted = scrapeTargets(job, groups.flat(), tellOnce)
    for (const [key, loop] of loops) {
      if (wanted.has(key)) continue
      loops.delete(key)
      const retired = loop.retire().finally(() => retiring.delete(retired))
      retiring.add(retired)
    }
    for (const [key, target] of wanted)
      if (!loops.has(key)) loops.set(key, startTargetLoop({ ...options, target, logger }))
  }

  sync()
  const files = job.fileSources.map((source, i) =>
    watchTargetFiles({
      ...source,
      onProblems: options.onProblems,
      onGroups: (found) => {
        groups[i + 1] = found
        sync()
      },
    }),
  )
  return {
    get targets() {
      return loops.size
    },
    get down() {
      return [...loops.values()].filter(({ isUp }) => isUp === false).length
    },
    stop: async () => {
      isStopping = true
      await Promise.all([...files, ...loops.values()].map((part) => part.stop()))
      await Promise.all(retiring)
    },
  }
}
