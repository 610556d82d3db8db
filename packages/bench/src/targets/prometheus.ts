import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { freePort } from '@nines/embedded'
import { NinesError } from '@nines/kernel'
import { directoryBytes } from './directory-bytes.ts'
import { scrapeSum, startPeer } from './peer-process.ts'
import type { DiskUse, Target } from './target.ts'

export interface PrometheusTarget extends Target {
  /** Takes these rules up, the text of a rule file, in place of those it had. */
  useRules(rules: string): Promise<void>
}

/** Debian's Prometheus as a receiver of remote write, with its defaults otherwise. */
export async function startPrometheus(folder: string): Promise<PrometheusTarget> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const data = path.join(folder, 'data')
  mkdirSync(data, { recursive: true })
  const config = path.join(folder, 'prometheus.yml')
  const rules = path.join(folder, 'rules.yml')
  // Rules are evaluated once a minute, the default.
  writeFileSync(config, `global: {scrape_interval: 15s}\nrule_files: [${JSON.stringify(rules)}]\n`)
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=60d',
    '--web.enable-remote-write-receiver',
    '--web.enable-lifecycle',
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
    async useRules(text) {
      writeFileSync(rules, text)
      const answer = await fetch(`${url}/-/reload`, { method: 'POST' })
      if (!answer.ok) throw new NinesError('invalid', `Prometheus refused the rules: ${await answer.text()}`)
    },
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
