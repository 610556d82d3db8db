import type { Label } from '../exposition/exposition.ts'
import { STALE, type WriteSeries } from '../remote-write/write-series.ts'
import type { ScrapedSeries } from './scraped-series.ts'

/** What a scrape changes in the set of a target's series. */
export interface SeriesChange {
  /** How many were not there before. */
  added: number
  /** The ends of those that are gone. */
  ended: WriteSeries[]
}

/** Knows which series a target had, to say of each when it has ended. */
export class ScrapeHistory {
  #live: ScrapedSeries['live'] = new Map()

  /** Takes the series of the scrape at `at`, epoch ms; none of them when it failed. */
  advance(live: ScrapedSeries['live'], at: number): SeriesChange {
    const before = this.#live
    this.#live = live
    let added = 0
    for (const key of live.keys()) if (!before.has(key)) added++
    const ended = [...before].filter(([key]) => !live.has(key)).map(([, labels]) => staleMarker(labels, at))
    return { added, ended }
  }
}

function staleMarker(labels: readonly Label[], timestampMs: number): WriteSeries {
  return { labels, value: STALE, timestampMs, startMs: null, exemplar: null, metadata: null }
}
