import { describe, expect, it } from 'vitest'
import { scrapeJobWith } from '../../test-fixtures/scrape-job.fixture.ts'
import type { ScrapeJob } from '../config/scrape-job.ts'
import { parseOpenMetrics } from '../exposition/parse-openmetrics.ts'
import { STALE } from '../remote-write/write-series.ts'
import { ScrapeHistory } from './scrape-history.ts'
import { scrapedSeries } from './scraped-series.ts'

const AT = 5_000_000
const read = (text: string, job: Partial<ScrapeJob> = {}, at = AT) =>
  scrapedSeries(
    parseOpenMetrics(`${text}\n# EOF`),
    {
      job: scrapeJobWith(job),
      url: 'http://a:1/metrics',
      labels: [
        ['instance', 'a:1'],
        ['job', 'app'],
      ],
      key: 'a',
    },
    at,
  )

describe('scrapedSeries', () => {
  it('gives samples the time of the scrape or their own', () => {
    const text = 'a 1\nb 2 1000'
    expect(read(text).series.map(({ timestampMs }) => timestampMs)).toEqual([AT, 1_000_000])
    expect(read(text, { honorTimestamps: false }).series.map(({ timestampMs }) => timestampMs)).toEqual([AT, AT])
    expect(read(text).live.size).toBe(1)
    expect(read(text, { honorTimestamps: false }).live.size).toBe(2)
  })

  it('counts a sample that is given twice once, but one of two times twice', () => {
    expect(read('a{x=""} 1\na 2').series.map(({ value }) => value)).toEqual([1])
    expect(read('a 1 10\na 2 20\na 3 20').series.map(({ value }) => value)).toEqual([1, 2])
  })

  it('carries type, help, unit, start and exemplar', () => {
    const [series] = read(
      '# TYPE c_seconds counter\n# UNIT c_seconds seconds\n# HELP c_seconds Help.\nc_seconds_total 1 # {t="1",e=""} 0.5\nc_seconds_created 7',
    ).series
    expect(series).toMatchObject({
      startMs: 7000,
      metadata: { type: 'counter', help: 'Help.', unit: 'seconds' },
      exemplar: { labels: [['t', '1']], value: 0.5, timestampMs: AT },
    })
  })

  it('leaves out an exemplar that is longer than OpenMetrics allows', () => {
    expect(read(`a 1 # {t="${'😀'.repeat(127)}"} 1`).series[0]?.exemplar).not.toBeNull()
    expect(read(`a 1 # {t="${'x'.repeat(128)}"} 1`).series[0]?.exemplar).toBeNull()
  })

  it('refuses the whole scrape when it is over a limit', () => {
    expect(() => read('a 1\nb 1\nc 1', { maxSamples: 2 })).toThrow('3 samples are more than the sample_limit of 2')
    expect(read('a 1\nb 1', { maxSamples: 2 }).series).toHaveLength(2)
    expect(() => read('a{x="1"} 1', { maxLabels: 3 })).toThrow('4 labels of a are more than the label_limit of 3')
    expect(read('a{x="1"} 1', { maxLabels: 4 }).series).toHaveLength(1)
  })
})

describe('ScrapeHistory', () => {
  it('tells which series have ended', () => {
    const history = new ScrapeHistory()
    const advance = (text: string | null) => history.advance(text === null ? new Map() : read(text).live, AT)
    const names = (text: string | null) =>
      advance(text).ended.map(({ labels, value }) => {
        expect(value).toBe(STALE)
        return Object.fromEntries(labels)['__name__']
      })
    expect(names('a 1\nb 1\nc 1 10')).toEqual([])
    expect(names('a 2\nd 1')).toEqual(['b'])
    expect(names(null)).toEqual(['a', 'd'])
    expect(names(null)).toEqual([])
    expect(advance('a 1\nb 1').added).toBe(2)
    expect(advance('a 1\nc 1').added).toBe(1)
  })
})
