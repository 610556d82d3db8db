import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findOnPath, freePort } from '@nines/embedded'
import { useServices } from '@nines/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownName, startReceiver, type Receiver } from './receiver.fixture.ts'

const isInstalled = findOnPath(['prometheus'], process.env.PATH ?? '') !== undefined
if (!isInstalled) process.stderr.write('Prometheus is not installed: its remote write is not tested here\n')

const services = await useServices()
let receiver: Receiver
let target: Server
let folder: string
let prometheus: ChildProcess | undefined
let scrapes = 0

/** A target whose counter tells which scrape it is; `gone` is there only at first. */
const page = () => `# HELP shop_orders_total Orders placed.
# TYPE shop_orders_total counter
shop_orders_total{region="eu"} ${++scrapes}
# TYPE shop_queue_depth gauge
shop_queue_depth 4.5
# TYPE shop_duration_seconds histogram
shop_duration_seconds_bucket{le="0.1"} 1
shop_duration_seconds_bucket{le="+Inf"} 4
shop_duration_seconds_sum 8.15
shop_duration_seconds_count 4
${scrapes < 3 ? 'shop_gone 1\n' : ''}`

beforeAll(async () => {
  receiver = await startReceiver(services)
  target = createServer((_, response) => response.setHeader('content-type', 'text/plain; version=0.0.4').end(page()))
  await once(target.listen(0, '127.0.0.1'), 'listening')
  folder = mkdtempSync(path.join(tmpdir(), 'nines-prometheus-'))
})
afterAll(async () => {
  if (prometheus && prometheus.exitCode === null) {
    prometheus.kill('SIGKILL')
    await once(prometheus, 'exit')
  }
  target.close()
  rmSync(folder, { recursive: true, force: true })
  await receiver.stop()
})

async function startPrometheus(job: string): Promise<void> {
  const { port } = target.address() as AddressInfo
  const config = path.join(folder, 'prometheus.yml')
  writeFileSync(
    config,
    `global: { scrape_interval: 500ms, external_labels: { cluster: test } }
scrape_configs:
  - job_name: ${job}
    static_configs: [{ targets: ['127.0.0.1:${port}'] }]
remote_write:
  - url: ${receiver.httpUrl}/api/v1/write
    authorization: { credentials: ${receiver.key} }
    queue_config: { batch_send_deadline: 200ms }
    metadata_config: { send: true, send_interval: 1s }
`,
  )
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${await freePort()}`,
  ]
  prometheus = spawn('prometheus', args, { stdio: 'ignore' })
}

test.skipIf(!isInstalled)("Prometheus' own remote write", { timeout: 60_000 }, async () => {
  const job = ownName('shop')
  await startPrometheus(job)
  const ofJob = `(SELECT series, metric, labels FROM series WHERE labels['job'] = '${job}') AS s`
  const orders = await receiver.rows<{ value: number; labels: Record<string, string> }>(
    `SELECT value, s.labels AS labels FROM samples JOIN ${ofJob} USING series WHERE metric = 'shop_orders_total' ORDER BY at`,
    4,
  )
  // Every scrape is there, each once and in its order.
  const first = orders[0]?.value ?? 0
  expect(orders.map((row) => row.value)).toEqual(orders.map((_, i) => first + i))
  expect(orders[0]?.labels).toMatchObject({ job, cluster: 'test', region: 'eu' })
  expect(orders[0]?.labels.instance).toMatch(/^127\.0\.0\.1:\d+$/)

  const buckets = await receiver.rows(
    `SELECT DISTINCT s.labels['le'] AS le, value FROM samples JOIN ${ofJob} USING series
     WHERE metric = 'shop_duration_seconds_bucket' ORDER BY value`,
    2,
  )
  expect(buckets).toEqual([
    { le: '0.1', value: 1 },
    { le: '+Inf', value: 4 },
  ])
  const [gauge] = await receiver.rows(
    `SELECT DISTINCT value FROM samples JOIN ${ofJob} USING series WHERE metric = 'shop_queue_depth'`,
    1,
  )
  expect(gauge).toEqual({ value: 4.5 })

  // What disappears from the page ends with the marker that says so: NaN with the bits 0x7ff0000000000002.
  const [ended] = await receiver.rows(
    `SELECT hex(reinterpretAsUInt64(argMax(value, at))) AS bits FROM samples JOIN ${ofJob} USING series
     WHERE metric = 'shop_gone' HAVING isNaN(argMax(value, at))`,
    1,
  )
  expect(ended).toEqual({ bits: '7FF0000000000002' })

  const described = await receiver.rows(
    `SELECT DISTINCT metric, kind, description FROM series WHERE labels['job'] = '${job}' AND metric = 'shop_orders_total' AND kind = 'sum'`,
    1,
  )
  expect(described).toMatchObject([{ metric: 'shop_orders_total', kind: 'sum' }])
})
