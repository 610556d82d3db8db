import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scrapeJobWith } from '../../test-fixtures/scrape-job.fixture.ts'
import type { ScrapeJob } from '../config/scrape-job.ts'
import { parseOpenMetrics } from '../exposition/parse-openmetrics.ts'
import { SeriesMemo } from '../exposition/series-memo.ts'
import { STALE, type WriteSeries } from '../remote-write/write-series.ts'
import { TargetSeries } from './target-series.ts'

const AT = 5_000_000
const seriesWith = (job: Partial<ScrapeJob> = {}) =>
  new TargetSeries({
    job: scrapeJobWith(job),
    url: 'http://a:1/metrics',
    labels: [
      ['instance', 'a:1'],
      ['job', 'app'],
    ],
    key: 'a',
  })
const parsed = (text: string, memo?: SeriesMemo) => parseOpenMetrics(`${text}\n# EOF`, memo)
const read = (text: string, job: Partial<ScrapeJob> = {}) => seriesWith(job).succeed(parsed(text), AT)

describe('the samples of a scrape', () => {
  it('gives samples the time of the scrape or their own', () => {
    const text = 'a 1\nb 2 1000'
    expect(read(text).series.map(({ timestampMs }) => timestampMs)).toEqual([AT, 1_000_000])
    expect(read(text, { honorTimestamps: false }).series.map(({ timestampMs }) => timestampMs)).toEqual([AT, AT])
    expect(read(text).added).toBe(1)
    expect(read(text, { honorTimestamps: false }).added).toBe(2)
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

describe.each([
  ['with', () => new SeriesMemo()],
  ['without', () => undefined],
])('the series of a target %s a memo', (_, makeMemo) => {
  it('are told to have ended when they are gone', () => {
    const memo = makeMemo()
    const target = seriesWith()
    const succeed = (text: string) => target.succeed(parsed(text, memo), AT)
    const names = (ended: WriteSeries[]) =>
      ended.map(({ labels, value }) => {
        expect(value).toBe(STALE)
        return Object.fromEntries(labels)['__name__']
      })
    expect(names(succeed('a 1\nb 1\nc 1 10').ended)).toEqual([])
    expect(names(succeed('a 2\nd 1').ended)).toEqual(['b'])
    expect(names(target.fail(AT))).toEqual(['a', 'd'])
    expect(names(target.fail(AT))).toEqual([])
    expect(names(succeed('a 1').ended)).toEqual([])
    expect(succeed('a 1\nb{} 1')).toMatchObject({ added: 1, ended: [] })
    expect(succeed('a 1\nb 1')).toMatchObject({ added: 0, ended: [] })
    expect(names(succeed('a 1 10\nb 1').ended)).toEqual(['a'])
  })

  it('end as what they were', () => {
    const memo = makeMemo()
    const target = seriesWith()
    target.succeed(parsed('# TYPE a counter\n# HELP a Help.\na_total 1', memo), AT)
    const metadata = { type: 'counter', help: 'Help.', unit: '' }
    expect(target.succeed([], AT + 1).ended).toMatchObject([
      { labels: expect.arrayContaining([['__name__', 'a_total']]), timestampMs: AT + 1, metadata },
    ])
  })

  it('are as they were when a scrape was over a limit', () => {
    const memo = makeMemo()
    const target = seriesWith({ maxLabels: 4 })
    target.succeed(parsed('a 1', memo), AT)
    expect(() => target.succeed(parsed('new 1\na{x="1",y="2"} 1', memo), AT)).toThrow('label_limit')
    expect(target.fail(AT)).toMatchObject([{ labels: expect.arrayContaining([['__name__', 'a']]), value: STALE }])
  })

  it('are those of any sequence of scrapes', () => {
    const name = fc.constantFrom('a', 'b', 'c{x="1"}', 'c{x="2"}', 'c{x="2",y=""}')
    fc.assert(
      fc.property(fc.array(fc.option(fc.uniqueArray(name)), { maxLength: 8 }), (scrapes) => {
        const memo = makeMemo()
        const target = seriesWith()
        let live = new Set<string>()
        for (const names of scrapes) {
          const now = new Set((names ?? []).map((n) => n.replace(',y=""', '')))
          const { series, added, ended } = names
            ? target.succeed(parsed(names.map((n) => `${n} 1`).join('\n') || '# TYPE z gauge', memo), AT)
            : { series: [], added: 0, ended: target.fail(AT) }
          expect(series).toHaveLength(now.size)
          expect(ended).toHaveLength([...live].filter((n) => !now.has(n)).length)
          expect(added).toBe([...now].filter((n) => !live.has(n)).length)
          live = now
        }
      }),
    )
  })
})
