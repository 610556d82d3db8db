import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '@nines/kernel'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeWriteRequest, type WrittenSample } from '../test-fixtures/decode-write-request.fixture.ts'
import { startExposingTarget, type ExposingTarget } from '../test-fixtures/exposing-target.fixture.ts'
import { startScraping, type Scraping } from './start-scraping.ts'

const INTERVAL_MS = 150
let directory: string
let exposing: ExposingTarget
let scraping: Scraping | undefined
let written: WrittenSample[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nines-scraping-'))
  exposing = await startExposingTarget('a 1\nb{x="1"} 2\n')
  written = []
})
afterEach(async () => {
  await scraping?.stop()
  scraping = undefined
  await exposing.stop()
  await rm(directory, { recursive: true, force: true })
})

async function scrape(config: string): Promise<Scraping> {
  const configPath = join(directory, 'scrape.yml')
  await writeFile(configPath, `global: { scrape_interval: ${INTERVAL_MS}ms }\nscrape_configs:\n${config}`)
  scraping = await startScraping({
    configPath,
    hostName: 'box',
    deliver: async (bytes) => void written.push(...decodeWriteRequest(bytes)),
    logger: createLogger('test', 'silent'),
  })
  return scraping
}
const job = (extra = '') =>
  `  - { job_name: app, static_configs: [{ targets: ['${exposing.address}'], labels: { env: test } }]${extra} }`
const of = (name: string) => written.filter(({ labels }) => labels['__name__'] === name)
const last = (name: string) => of(name).at(-1)
const until = (check: () => unknown) => expect.poll(check, { timeout: 10_000 })

describe('scraping', () => {
  it('writes samples and what there is to say of the scrape, at every interval', async () => {
    const running = await scrape(job())
    await until(() => of('up').length).toBeGreaterThan(2)
    const labels = { job: 'app', instance: exposing.address, env: 'test' }
    expect(last('a')).toMatchObject({ labels: { __name__: 'a', ...labels }, value: 1 })
    expect(last('b')).toMatchObject({ labels: { __name__: 'b', x: '1', ...labels }, value: 2 })
    expect(last('up')).toMatchObject({ labels: { __name__: 'up', ...labels }, value: 1, type: 'METRIC_TYPE_GAUGE' })
    expect(last('scrape_samples_scraped')?.value).toBe(2)
    expect(of('scrape_series_added').map(({ value }) => value)).toEqual([
      2,
      ...of('up')
        .slice(1)
        .map(() => 0),
    ])
    expect(last('scrape_samples_post_metric_relabeling')?.value).toBe(2)
    expect(last('scrape_duration_seconds')?.value).toBeLessThan(5)
    const times = of('up').map(({ timestampMs }) => timestampMs)
    expect(times).toEqual([...new Set(times)].sort((x, y) => x - y))
    expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(20_000)
    expect(written.every(({ value }) => value !== 'stale')).toBe(true)
    expect(running.totals()).toMatchObject({ targets: 1, 'targets.down': 0, problems: 0, lost: 0 })
  })

  it('marks a series that is gone from the answer as ended, once', async () => {
    await scrape(job())
    await until(() => last('b')?.value).toBe(2)
    exposing.text = 'a 5\n'
    await until(() => last('b')?.value).toBe('stale')
    await until(() => of('a').filter(({ value }) => value === 5).length).toBeGreaterThan(2)
    expect(of('b').filter(({ value }) => value === 'stale')).toHaveLength(1)
    expect(last('b')).toMatchObject({ labels: { x: '1', job: 'app', instance: exposing.address, env: 'test' } })
    exposing.text = 'a 6\nb{x="1"} 3\n'
    await until(() => last('b')?.value).toBe(3)
  })

  it.each<[string, () => unknown]>([
    ['cannot be reached', () => exposing.stop()],
    ['answers with an error', () => (exposing.answer = (_, response) => response.writeHead(500).end())],
    ['sends what is no exposition', () => (exposing.text = 'a 1\n<html>')],
    ['sends too many samples', () => (exposing.text = 'a 1\nb 2\nc 3\nd 4\n')],
    ['sends a series with too many labels', () => (exposing.text = 'a{q="",r="",s="1",t="2",u="3"} 1\n')],
  ])('tells that a target is down when it %s, and ends its series', async (_, breakIt) => {
    const running = await scrape(job(', sample_limit: 3, label_limit: 6'))
    await until(() => last('up')?.value).toBe(1)
    await breakIt()
    await until(() => last('up')?.value).toBe(0)
    const { timestampMs } = of('up').find(({ value }) => value === 0) as WrittenSample
    for (const name of ['a', 'b']) expect(last(name)).toMatchObject({ value: 'stale', timestampMs })
    await until(() => of('up').filter(({ value }) => value === 0).length).toBeGreaterThan(1)
    expect(of('a').filter(({ value }) => value === 'stale')).toHaveLength(1)
    expect(running.totals()['targets.down']).toBe(1)
    if (exposing.answer === null && exposing.text === 'a 1\nb{x="1"} 2\n') await exposing.startAgain()
    exposing.answer = null
    exposing.text = 'a 1\nb{x="1"} 2\n'
    await until(() => [last('up')?.value, last('a')?.value]).toEqual([1, 1])
  })

  it('follows the target files and ends the series of a target that is taken out', async () => {
    const other = await startExposingTarget('other 1\n')
    const list = (...targets: string[]) => writeFile(join(directory, 'targets.json'), JSON.stringify([{ targets }]))
    await list(exposing.address)
    await scrape('  - { job_name: files, file_sd_configs: [{ files: ["targets.json"] }] }')
    await until(() => last('a')?.value).toBe(1)
    await list(exposing.address, other.address)
    await until(() => last('other')?.value).toBe(1)
    await list(other.address)
    await until(() => last('a')?.value).toBe('stale')
    const ofFirst = () => written.filter(({ labels }) => labels['instance'] === exposing.address)
    const ended = ofFirst().filter(({ value }) => value === 'stale')
    expect(ended.map(({ labels }) => String(labels['__name__'])).sort()).toEqual([
      'a',
      'b',
      'scrape_duration_seconds',
      'scrape_samples_post_metric_relabeling',
      'scrape_samples_scraped',
      'scrape_series_added',
      'up',
    ])
    const count = ofFirst().length
    const ofOther = of('other').length
    await until(() => of('other').length).toBeGreaterThan(ofOther + 2)
    expect(ofFirst()).toHaveLength(count)
    await other.stop()
  })

  it('reads OpenMetrics and honours labels where it is told to', async () => {
    exposing.contentType = 'application/openmetrics-text; version=1.0.0; charset=utf-8'
    exposing.text =
      '# TYPE c counter\n# HELP c Help.\nc_total{job="mine"} 3 # {trace_id="abc"} 0.5\nc_created{job="mine"} 1000\n# EOF\n'
    await scrape(`${job(', honor_labels: true')}\n${job().replace('job_name: app', 'job_name: strict')}`)
    const honoured = () => of('c_total').find(({ labels }) => labels['job'] === 'mine')
    const renamed = () => of('c_total').find(({ labels }) => labels['exported_job'] === 'mine')
    await until(() => Boolean(honoured() && renamed())).toBe(true)
    expect(honoured()).toMatchObject({
      value: 3,
      startMs: 1_000_000,
      type: 'METRIC_TYPE_COUNTER',
      help: 'Help.',
      exemplar: { labels: { trace_id: 'abc' }, value: 0.5, timestampMs: honoured()?.timestampMs },
    })
    expect(renamed()?.labels['job']).toBe('strict')
  })

  it('goes on with the jobs that are right when others or the whole file are wrong', async () => {
    const running = await scrape(`  - { job_name: wrong, relabel_configs: [] }\n${job()}`)
    await until(() => last('up')?.value).toBe(1)
    expect(running.totals()).toMatchObject({ targets: 1, problems: 1 })
    await running.stop()
    const missing = await startScraping({
      configPath: join(directory, 'missing.yml'),
      hostName: 'box',
      deliver: async () => undefined,
      logger: createLogger('test', 'silent'),
    })
    expect(missing.totals()).toMatchObject({ targets: 0, problems: 1 })
    await missing.stop()
  })
})
