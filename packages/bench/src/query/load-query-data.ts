import { NinesError } from '@nines/kernel'
import { Pool } from 'undici'
import { progress } from '../report/progress.ts'
import type { Target } from '../targets/target.ts'
import type { QueryData } from './query-data.ts'

const PARALLEL = 16
const TELL_EVERY = 3_000_000
const HEADERS = {
  'content-type': 'application/x-protobuf',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '0.1.0',
}

/** Writes the data up to `endMs` (epoch ms) into every target by remote write. Answers the number of samples. */
export async function loadQueryData(targets: readonly Target[], data: QueryData, endMs: number): Promise<number> {
  const pools = targets.map((target) => ({ target, pool: new Pool(target.url, { connections: PARALLEL }) }))
  let samples = 0
  let told = 0
  try {
    for (const window of data.windowsUntil(endMs)) {
      await Promise.all(
        pools.flatMap(({ target, pool }) => window.requests.map((request) => write(target, pool, request))),
      )
      samples += window.samples
      if (samples - told >= TELL_EVERY) {
        told = samples
        progress(`${samples} samples are loaded`)
      }
    }
    for (const target of targets) await target.drain()
    return samples
  } finally {
    for (const { pool } of pools) await pool.close()
  }
}

async function write(target: Target, pool: Pool, body: Buffer): Promise<void> {
  for (;;) {
    const headers = { ...HEADERS, ...target.headers }
    const answer = await pool.request({ method: 'POST', path: '/api/v1/write', headers, body })
    const text = await answer.body.text()
    if (answer.statusCode < 300) return
    if (![429, 503].includes(answer.statusCode))
      throw new NinesError('invalid', `${target.name} answered ${answer.statusCode}: ${text.slice(0, 300)}`)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
}
