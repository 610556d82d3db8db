import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadBatch } from './load-batch.ts'
import type { LoadSender } from './load-sender.ts'

/**
 * Sends the batches in turn at an even pace of `rate` rows a second, all of them for each of the times. A batch goes out
 * again only once it has been answered. Answers the rows.
 */
export async function sendPaced(
  sender: LoadSender,
  batches: readonly LoadBatch[],
  plan: { rate: number; times: readonly number[]; acked?: (batch: number, atMs: number) => void },
): Promise<number> {
  const inFlight: Promise<void>[] = batches.map(() => Promise.resolve())
  let sent = 0
  const startedAt = performance.now()
  for (const atMs of plan.times) {
    for (const [i, batch] of batches.entries()) {
      await sleep(Math.max(0, startedAt + (sent / plan.rate) * 1000 - performance.now()))
      await inFlight[i]
      batch.advance(atMs)
      inFlight[i] = sender.send(batch).then(() => plan.acked?.(i, atMs))
      sent += batch.rows
    }
  }
  await Promise.all(inFlight)
  return sent
}
