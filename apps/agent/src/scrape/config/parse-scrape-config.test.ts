import { describe, expect, it } from 'vitest'
import { parseScrapeConfig } from './parse-scrape-config.ts'

const parse = (text: string) => parseScrapeConfig('/etc/nines/scrape.yml', text)

const FULL = `
global:
  scrape_interval: 15s
  scrape_timeout: 5s
  label_limit: 30
scrape_configs:
  - job_name: node
    static_configs:
      - targets: ['a:9100', 'b:9100']
        labels: { env: prod, version: 1 }
  - job_name: app
    scrape_interval: 1m30s
    scrape_timeout: 500ms
    metrics_path: /federate
    scheme: https
    params: { 'match[]': ['{job="x"}', up] }
    honor_labels: true
    honor_timestamps: false
    basic_auth: { username: me, password_file: secrets/pw }
    sample_limit: 1000
    label_limit: 0
    body_size_limit: 10MB
    file_sd_configs:
      - files: ['targets/*.json', /abs/x.yml]
        refresh_interval: 30s
`

describe('parseScrapeConfig', () => {
  it("reads Prometheus' form and fills in what is missing", () => {
    const { jobs, problems } = parse(FULL)
    expect(problems).toEqual([])
    expect(jobs).toEqual([
      {
        name: 'node',
        intervalMs: 15_000,
        timeoutMs: 5000,
        path: '/metrics',
        scheme: 'http',
        params: {},
        honorLabels: false,
        honorTimestamps: true,
        authorization: null,
        maxBodyBytes: 64 * 1024 * 1024,
        maxSamples: Infinity,
        maxLabels: 30,
        staticGroups: [{ targets: ['a:9100', 'b:9100'], labels: { env: 'prod', version: '1' } }],
        fileSources: [],
      },
      {
        name: 'app',
        intervalMs: 90_000,
        timeoutMs: 500,
        path: '/federate',
        scheme: 'https',
        params: { 'match[]': ['{job="x"}', 'up'] },
        honorLabels: true,
        honorTimestamps: false,
        authorization: { kind: 'basic', username: { text: 'me' }, password: { file: '/etc/nines/secrets/pw' } },
        maxBodyBytes: 10 * 1024 * 1024,
        maxSamples: 1000,
        maxLabels: Infinity,
        staticGroups: [],
        fileSources: [
          { pattern: '/etc/nines/targets/*.json', refreshMs: 30_000 },
          { pattern: '/abs/x.yml', refreshMs: 30_000 },
        ],
      },
    ])
  })

  it.each([
    ['', 60_000, 10_000],
    ['global: { scrape_interval: 5s }', 5000, 5000],
    ['global: { scrape_interval: 30s, scrape_timeout: 20s }', 30_000, 20_000],
  ])('takes from %j the interval %i ms and the timeout %i ms', (global, intervalMs, timeoutMs) => {
    const { jobs } = parse(`${global}\nscrape_configs: [{ job_name: x }]`)
    expect(jobs).toMatchObject([{ intervalMs, timeoutMs }])
  })

  it('reads a token', () => {
    const { jobs } = parse(`scrape_configs:
  - { job_name: a, authorization: { credentials: abc } }
  - { job_name: b, authorization: { type: Token, credentials_file: /t } }`)
    expect(jobs.map(({ authorization }) => authorization)).toEqual([
      { kind: 'token', type: 'Bearer', credentials: { text: 'abc' } },
      { kind: 'token', type: 'Token', credentials: { file: '/t' } },
    ])
  })

  it.each(['', 'scrape_configs:', 'scrape_configs: []', '# nothing\n'])('takes %j as no jobs', (text) => {
    expect(parse(text)).toEqual({ jobs: [], problems: [] })
  })

  it('leaves out a job with a problem, says what and where, and takes the others', () => {
    const { jobs, problems } = parse(`rule_files: [x]
global:
  evaluation_interval: 15s
  scrape_interval: 10s
scrape_configs:
  - job_name: relabels
    relabel_configs: []
  - job_name: good
  - job_name: k8s
    kubernetes_sd_configs: []
    scrape_intervall: 5s
  - job_name: good
`)
    expect(jobs).toMatchObject([{ name: 'good', intervalMs: 10_000 }])
    const unsupported = 'Prometheus has this, the agent does not support it'
    expect(problems).toEqual([
      { where: '/etc/nines/scrape.yml:1: rule_files', what: unsupported },
      { where: '/etc/nines/scrape.yml:3: global.evaluation_interval', what: unsupported },
      { where: '/etc/nines/scrape.yml:7: scrape_configs[0].relabel_configs', what: unsupported },
      { where: '/etc/nines/scrape.yml:10: scrape_configs[2].kubernetes_sd_configs', what: unsupported },
      {
        where: '/etc/nines/scrape.yml:11: scrape_configs[2].scrape_intervall',
        what: 'is not a key of the scrape configuration',
      },
      { where: '/etc/nines/scrape.yml:12: scrape_configs[3].job_name', what: '"good" is there already' },
    ])
  })

  it.each([
    ['job_name: ""', 'job_name', /at least|small|>=1/i],
    ['job_name: x, scrape_interval: 15', 'scrape_interval', /expected string/],
    ['job_name: x, scrape_interval: 15 s', 'scrape_interval', /no duration/],
    ['job_name: x, scrape_interval: 0s', 'scrape_interval', /no duration/],
    ['job_name: x, scrape_interval: 1y', 'scrape_interval', /no duration/],
    ['job_name: x, scrape_interval: 5s, scrape_timeout: 6s', '', /longer than the interval/],
    ['job_name: x, metrics_path: metrics', 'metrics_path', /start with/],
    ['job_name: x, scheme: ftp', 'scheme', /http/],
    ['job_name: x, body_size_limit: 10', 'body_size_limit', /./],
    ['job_name: x, body_size_limit: 10mb', 'body_size_limit', /no size/],
    ['job_name: x, sample_limit: -1', 'sample_limit', /./],
    ['job_name: x, basic_auth: {}, authorization: { credentials: a }', '', /not both/],
    ['job_name: x, authorization: {}', 'authorization', /one of credentials/],
    ['job_name: x, authorization: { type: basic, credentials: a }', 'authorization', /basic_auth/],
    ['job_name: x, basic_auth: { password: a, password_file: b }', 'basic_auth', /not both/],
    ['job_name: x, static_configs: [{ targets: [a], labels: { 1a: b } }]', 'static_configs[0].labels', /./],
    ['job_name: x, static_configs: [{ targets: a }]', 'static_configs[0].targets', /expected array/],
    ['job_name: x, static_configs: [{ target: [a] }]', 'static_configs[0].targets', /expected array/],
    ['job_name: x, file_sd_configs: [{ files: [a.txt] }]', 'file_sd_configs[0].files[0]', /must end with/],
    ['job_name: x, file_sd_configs: [{ files: ["*/a.json"] }]', 'file_sd_configs[0].files[0]', /last part/],
    ['scheme: http', 'job_name', /expected string/],
  ])('refuses { %s } at %j: %s', (job, path, what) => {
    const { jobs, problems } = parse(`scrape_configs:\n  - { ${job} }`)
    expect(jobs).toEqual([])
    const places = problems.map(({ where }) => where)
    expect(places).toContainEqual(
      expect.stringContaining(`/etc/nines/scrape.yml:2: scrape_configs[0]${path === '' ? '' : `.${path}`}`),
    )
    expect(problems.map((problem) => problem.what).join()).toMatch(what)
  })

  it('takes no job when global is wrong', () => {
    const { jobs, problems } = parse('global: { scrape_interval: often }\nscrape_configs: [{ job_name: x }]')
    expect(jobs).toEqual([])
    expect(problems).toMatchObject([
      { where: '/etc/nines/scrape.yml:1: global.scrape_interval' },
      { what: 'left out because of the problems in global' },
    ])
  })

  it.each([
    ['scrape_configs: [', 1],
    ['scrape_configs: []\nscrape_configs: []', 2],
    ['a: b: c', 1],
    ['- x', 1],
    ['just text', 1],
    ['scrape_configs: { a: b }', 1],
  ])('says on which line %j is wrong', (text, line) => {
    const { jobs, problems } = parse(text)
    expect(jobs).toEqual([])
    expect(problems[0]?.where).toMatch(new RegExp(`^/etc/nines/scrape.yml(:${line})?`))
    expect(problems.length).toBeGreaterThan(0)
  })
})
