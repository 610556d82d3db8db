import { describe, expect, it } from 'vitest'
import { scrapeJobWith } from '../../test-fixtures/scrape-job.fixture.ts'
import type { ScrapeJob } from '../config/scrape-job.ts'
import { scrapeOffset, scrapeTargets, type ScrapeTarget } from './scrape-target.ts'

function targets(addresses: string[], labels: Record<string, string> = {}, job: Partial<ScrapeJob> = {}) {
  const problems: string[] = []
  const found = scrapeTargets(scrapeJobWith(job), [{ targets: addresses, labels }], (address) => problems.push(address))
  return { found: [...found.values()], problems }
}
const only = (...of: Parameters<typeof targets>): ScrapeTarget => {
  const { found } = targets(...of)
  expect(found).toHaveLength(1)
  return found[0] as ScrapeTarget
}

describe('scrapeTargets', () => {
  it('makes the URL and the labels', () => {
    expect(only(['web-1:9100'], { env: 'prod' })).toMatchObject({
      url: 'http://web-1:9100/metrics',
      labels: [
        ['env', 'prod'],
        ['instance', 'web-1:9100'],
        ['job', 'app'],
      ],
    })
    expect(only(['[::1]:80'], {}, { scheme: 'https', path: '/a b', params: { 'match[]': ['{x="y"}', 'z'] } }).url).toBe(
      'https://[::1]:80/a%20b?match%5B%5D=%7Bx%3D%22y%22%7D&match%5B%5D=z',
    )
  })

  it('lets the labels of a group say how its targets are scraped, as Prometheus does', () => {
    const labels = {
      __scheme__: 'https',
      __metrics_path__: '/m',
      __param_a: '1',
      __meta_x: 'y',
      job: 'other',
      empty: '',
    }
    expect(only(['h:1'], labels, { params: { a: ['0'], b: ['2'] } })).toMatchObject({
      url: 'https://h:1/m?a=1&b=2',
      labels: [
        ['instance', 'h:1'],
        ['job', 'other'],
      ],
    })
    expect(only(['h:1'], { instance: 'web' }).labels).toContainEqual(['instance', 'web'])
  })

  it('has each target once and leaves out what is no address', () => {
    const { found, problems } = targets(['a:1', 'a:1', 'b:1/metrics', 'http://c:1', 'd:99999', 'a b', 'user@e:1'])
    expect(found.map(({ url }) => url)).toEqual(['http://a:1/metrics'])
    expect(problems).toEqual(['b:1/metrics', 'http://c:1', 'd:99999', 'a b', 'user@e:1'])
  })
})

describe('scrapeOffset', () => {
  it('is the same for the same target and spreads others over the interval', () => {
    const { found } = targets(Array.from({ length: 1000 }, (_, i) => `host-${i}:1`))
    const offsets = found.map((target) => scrapeOffset(target, 'box'))
    expect(found.map((target) => scrapeOffset(target, 'box'))).toEqual(offsets)
    const tenths = Array.from({ length: 10 }, (_, i) => offsets.filter((o) => Math.floor(o / 1500) === i).length)
    for (const count of tenths) expect(count).toBeGreaterThan(60)
    expect(found.map((target) => scrapeOffset(target, 'other'))).not.toEqual(offsets)
  })
})
