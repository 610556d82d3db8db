import { messageOf, type Logger } from '@nines/kernel'
import { onGrid } from '../../on-grid.ts'
import type { ExposedSample } from '../exposition/exposition.ts'
import { parseExposition } from '../exposition/parse-exposition.ts'
import { SeriesMemo } from '../exposition/series-memo.ts'
import type { WriteSeries } from '../remote-write/write-series.ts'
import { reportSeries } from './report-series.ts'
import { scrapeOffset, type ScrapeTarget } from './scrape-target.ts'
import type { TargetClient } from './target-client.ts'
import { TargetSeries, type ScrapedSeries } from './target-series.ts'

export interface TargetLoopOptions {
  target: ScrapeTarget
  hostName: string
  client: TargetClient
  emit: (series: WriteSeries[]) => void
  logger: Logger
}

export interface TargetLoop {
  /** Null before the first scrape. */
  readonly isUp: boolean | null
  /** Ends scraping without a word, as when the agent stops. */
  stop(): Promise<void>
  /** Ends scraping for good and writes the end of all the target's series. */
  retire(): Promise<void>
}

/** A scrape that starts this close to its place on the grid carries the grid's time, which compresses better. */
const TOLERANCE_MS = 2

/** Scrapes one target at its place in every interval. */
export function startTargetLoop(options: TargetLoopOptions): TargetLoop {
  const { target, client, emit } = options
  const { job } = target
  const logger = options.logger.child({ job: job.name, target: target.url })
  const memo = new SeriesMemo()
  const targetSeries = new TargetSeries(target)
  let isUp: boolean | null = null

  const scrape = async (instant: number, stopping: AbortSignal): Promise<void> => {
    const startedAt = Date.now()
    const at = startedAt - instant <= Math.min(TOLERANCE_MS, job.intervalMs / 100) ? instant : startedAt
    const started = performance.now()
    let samples: ExposedSample[] = []
    let scraped: ScrapedSeries
    let problem: string | null = null
    try {
      const answer = await client.fetch(target, stopping)
      samples = parseExposition(answer.body, answer.contentType, memo)
      scraped = targetSeries.succeed(samples, at)
    } catch (error) {
      if (stopping.aborted) return
      problem = messageOf(error)
      scraped = { series: [], added: 0, ended: targetSeries.fail(at) }
    }
    const durationSeconds = (performance.now() - started) / 1000
    if (problem !== null && isUp !== false) logger.warn({ problem }, 'the target is down')
    else if (problem === null && isUp === false) logger.info('the target is up again')
    isUp = problem === null
    const { series, added, ended } = scraped
    const report = reportSeries(target, { isUp, durationSeconds, samples: samples.length, added }, at)
    emit([...series, ...ended, ...report])
  }
  const onFailure = (error: unknown): void => logger.error({ err: error }, 'a scrape is lost')
  const grid = onGrid({
    intervalMs: job.intervalMs,
    offsetMs: scrapeOffset(target, options.hostName),
    run: scrape,
    onFailure,
  })
  return {
    get isUp() {
      return isUp
    },
    stop: () => grid.stop(),
    retire: async () => {
      await grid.stop()
      const now = Date.now()
      if (isUp !== null) emit([...targetSeries.fail(now), ...reportSeries(target, null, now)])
    },
  }
}
