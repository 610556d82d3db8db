import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NinesError } from '@nines/kernel'
import { z } from 'zod'
import type { DemoControl } from './demo-server.ts'

const ANSWER_TIMEOUT_MS = 5000
const controlFile = z.object({ url: z.url() })
const answer = z.object({ broken: z.record(z.string(), z.string()) })

/** Where the running demonstration's pages are. Throws NinesError saying how to start one when there is none. */
export async function findDemo(dataDir: string): Promise<string> {
  const text = await readFile(join(dataDir, 'demo', 'control.json'), 'utf8').catch(() => null)
  if (text === null) throw notRunning()
  return controlFile.parse(JSON.parse(text)).url
}

/** Breaks or mends a service of the running demonstration; returns what is broken now, service by mode. */
export async function controlDemo(demoUrl: string, command: DemoControl): Promise<Record<string, string>> {
  const response = await fetch(`${demoUrl}/control`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).catch(() => null)
  if (!response) throw notRunning()
  if (!response.ok) throw new NinesError('unavailable', `the demonstration answered ${response.status}`)
  return answer.parse(await response.json()).broken
}

const notRunning = () => new NinesError('unavailable', 'no demonstration is running. Start one: npm start -- --demo')
