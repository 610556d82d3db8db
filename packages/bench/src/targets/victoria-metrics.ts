import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@nines/embedded'
import { directoryBytes } from './directory-bytes.ts'
import { scrapeSum, startPeer } from './peer-process.ts'
import type { Target } from './target.ts'

/** Samples become visible and parts reach the disk within this time of the answer. */
const FLUSH_MS = 2_000

/** VictoriaMetrics single node with its defaults, without the scrape of its own metrics. */
export async function startVictoriaMetrics(folder: string): Promise<Target> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const data = path.join(folder, 'data')
  mkdirSync(data, { recursive: true })
  const args = [
    `-storageDataPath=${data}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=10y',
    '-selfScrapeInterval=0s',
    '-search.maxQueryDuration=2m',
  ]
  const server = await startPeer('victoria-metrics', args, path.join(folder, 'victoria-metrics.log'), `${url}/health`)
  const flush = async () => {
    await (await fetch(`${url}/internal/force_flush`)).text()
    await sleep(1_000)
  }
  return {
    name: 'victoria-metrics',
    url,
    headers: {},
    processes: [{ name: 'victoria-metrics', pid: server.pid }],
    drain: async () => {
      await sleep(FLUSH_MS)
    },
    stored: () => scrapeSum(`${url}/metrics`, 'vm_rows_inserted_total', 'type="promremotewrite"'),
    diskBytes: async () => {
      await flush()
      return {
        bytes: directoryBytes(data),
        parts: { data: directoryBytes(path.join(data, 'data')), index: directoryBytes(path.join(data, 'indexdb')) },
      }
    },
    stop: () => server.stop(),
  }
}
