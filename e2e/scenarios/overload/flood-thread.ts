import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { SentRequest } from '../retrying-sender.ts'
import type { SendTarget } from '../send-attempt.ts'

/** What one sender of the flood sent, and what became of it. */
export interface FloodedStream {
  stream: string
  startMs: number
  requests: SentRequest[]
  refusals: string[]
  /** Until the flood was told to end: rows sent, repeats included, and rows acked. */
  offeredRows: number
  takenRows: number
  /** Answers in words, and refusals that did not say when to retry. */
  tally: string
  withoutTime: number
}

/** Floods from a thread of its own, so that making the flood does not delay those who are compared beside it. */
export async function startFloodThread(target: SendTarget): Promise<{ end: () => Promise<FloodedStream[]> }> {
  const worker = new Worker(new URL('flood-worker.ts', import.meta.url), { workerData: target })
  // It says so when its first answer has come.
  await once(worker, 'message')
  return {
    /** Sends nothing new and waits until the last request is answered. */
    async end() {
      worker.postMessage('end', [])
      const [streams] = (await once(worker, 'message')) as [FloodedStream[]]
      await worker.terminate()
      return streams
    },
  }
}
