import { readFile } from 'node:fs/promises'
import { messageOf, type Logger } from '@nines/kernel'
import { parseScrapeConfig, type ScrapeConfig } from './config/parse-scrape-config.ts'
import type { FileProblem } from './config/yaml-places.ts'
import { startWriteBatch } from './remote-write/write-batch.ts'
import { runJob } from './target/run-job.ts'
import { TargetClient } from './target/target-client.ts'

export interface ScrapingOptions {
  /** Absolute path of the configuration file. */
  configPath: string
  hostName: string
  /** Takes one remote-write request; resolves when it is safe. */
  deliver: (bytes: Uint8Array) => Promise<void>
  logger: Logger
}

export interface Scraping {
  /** Figures of the scraper by name. */
  totals(): Record<string, number>
  /** Ends scraping and delivers what was scraped. */
  stop(): Promise<void>
}

/** Scrapes what the file says and delivers it as remote write. Problems in files are logged and stop nothing else. */
export async function startScraping(options: ScrapingOptions): Promise<Scraping> {
  const { logger } = options
  const client = new TargetClient()
  let problems = 0
  let lost = 0
  const onProblems = (found: FileProblem[]): void => {
    problems += found.length
    for (const problem of found) logger.error(problem, 'the scrape configuration is wrong here')
  }
  const batch = startWriteBatch({
    deliver: options.deliver,
    onFailure: (error, samples) => {
      lost += samples
      logger.error({ reason: messageOf(error), samples }, 'scraped samples are lost')
    },
  })

  const config = await readConfigFile(options.configPath)
  onProblems(config.problems)
  const jobs = config.jobs.map((job) =>
    runJob({ job, hostName: options.hostName, client, emit: (series) => batch.add(series), logger, onProblems }),
  )
  logger.info({ jobs: jobs.length, targets: sum(jobs, (job) => job.targets) }, 'scraping')
  return {
    totals: () => ({
      targets: sum(jobs, (job) => job.targets),
      'targets.down': sum(jobs, (job) => job.down),
      problems,
      lost,
    }),
    stop: async () => {
      await Promise.all(jobs.map((job) => job.stop()))
      client.close()
      await batch.stop()
    },
  }
}

async function readConfigFile(path: string): Promise<ScrapeConfig> {
  try {
    return parseScrapeConfig(path, await readFile(path, 'utf8'))
  } catch (error) {
    return { jobs: [], problems: [{ where: path, what: messageOf(error) }] }
  }
}

function sum<T>(parts: readonly T[], figure: (part: T) => number): number {
  return parts.reduce((total, part) => total + figure(part), 0)
}
