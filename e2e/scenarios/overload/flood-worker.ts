import { parentPort, workerData } from 'node:worker_threads'
import { RetryingSender } from '../retrying-sender.ts'
import type { SendTarget } from '../send-attempt.ts'
import { samplesAsGrpc, samplesAsOtlpProtobuf } from '../telemetry-formats.ts'
import { AnswerTally } from './answer-tally.ts'
import type { FloodedStream } from './flood-thread.ts'

/** Entry of the thread: senders that repeat what was refused after 100 ms and never heed when to come again. */
let hasBegun = false
const senders = [samplesAsOtlpProtobuf, samplesAsGrpc].map((format) => {
  const tally = new AnswerTally()
  const onAnswer = (...answer: Parameters<AnswerTally['add']>) => {
    if (!hasBegun) parentPort?.postMessage('begun', [])
    hasBegun = true
    tally.add(...answer)
  }
  const shape = { format, maxRows: 1_500, parallel: 4, maxPauseMs: 10, onAnswer }
  const sender = new RetryingSender(workerData as SendTarget, `loud ${format.name}`, shape, Math.random)
  sender.start()
  return { sender, tally }
})

parentPort?.once('message', () => void end())

async function end(): Promise<void> {
  const untilNow = senders.map(({ sender, tally }) => ({ ...rowsOf(sender), tally: tally.inWords() }))
  await Promise.all(senders.map(({ sender }) => sender.finish()))
  const streams = senders.map(({ sender, tally }, i): FloodedStream => {
    const { stream, startMs, requests, refusals } = sender
    const counted = untilNow[i] ?? { offeredRows: 0, takenRows: 0, tally: '' }
    return { stream, startMs, requests, refusals, ...counted, withoutTime: tally.withoutTime }
  })
  parentPort?.postMessage(streams, [])
}

function rowsOf({ requests }: RetryingSender): { offeredRows: number; takenRows: number } {
  let [offeredRows, takenRows] = [0, 0]
  for (const { count, isAcked, unsureAttempts } of requests) {
    offeredRows += count * (unsureAttempts + (isAcked ? 1 : 0))
    if (isAcked) takenRows += count
  }
  return { offeredRows, takenRows }
}
