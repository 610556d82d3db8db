import type { Label } from '../exposition/exposition.ts'
import { STALE, type WriteSeries } from '../remote-write/write-series.ts'
import type { ScrapedSeries } from './scraped-series.ts'

/** Knows which series a target had, to say of each when it has ended. */
export class ScrapeHistory {
  #live: ScrapedSeries['live'] = new Map()

  /** The ends, at `at`, of the series that are no longer among the live ones; of all when a scrape failed. */
  ended(live: ScrapedSeries['live'], at: number): WriteSeries[] {
    const gone = [...this.#live].filter(([key]) => !live.has(key)).map(([, labels]) => staleMarker(labels, at))
    this.#live = live
    return gone
  }
}

function staleMarker(labels: readonly Label[], timestampMs: number): WriteSeries {
  return { labels, value: STALE, timestampMs, startMs: null, exemplar: null, metadata: null }
}
