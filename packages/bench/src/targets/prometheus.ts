import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '@nines/embedded'
import { directoryBytes } from './directory-bytes.ts'
import { scrapeSum, startPeer } from './peer-process.ts'
import type { DiskUse, Target } from './target.ts'

/** Debian's Prometheus as a receiver of remote write, with its defaults otherwise. */
export async function startPrometheus(folder: string): Promise<Target> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const data = path.join(folder, 'data')
  mkdirSync(data, { recursive: true })
  const config = path.join(folder, 'prometheus.yml')
  writeFileSync(config, 'global: {scrape_interval: 15s}\n')
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=60d',
    '--web.enable-remote-write-receiver',
    `--web.listen-address=127.0.0.1:${port}`,
    '--query.timeout=2m',
  ]
  const server = await startPeer('prometheus', args, path.join(folder, 'prometheus.log'), `${url}/-/ready`)
  return {
    name: 'prometheus',
    url,
    headers: {},
    processes: [{ name: 'prometheus', pid: server.pid }],
    // An answer comes after the append to head and log.
    drain: async () => {},
    stored: () => scrapeSum(`${url}/metrics`, 'prometheus_tsdb_head_samples_appended_total', 'float'),
    diskBytes: async () => diskUse(data),
    stop: () => server.stop(),
  }
}

function diskUse(data: string): DiskUse {
  const blocks = readdirSync(data).filter((name) => existsSync(path.join(data, name, 'meta.json')))
  const bytesOf = (name: string) => (existsSync(path.join(data, name)) ? directoryBytes(path.join(data, name)) : 0)
  return {
    bytes: directoryBytes(data),
    parts: {
      blocks: blocks.reduce((sum, name) => sum + bytesOf(name), 0),
      wal: bytesOf('wal'),
      head: bytesOf('chunks_head'),
    },
  }
}
