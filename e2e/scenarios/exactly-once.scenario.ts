import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../stack/eventually.ts'
import { startStack, type NinesStack } from '../stack/nines-stack.ts'
import { storedCopies } from '../stack/stored-copies.ts'
import { within } from '../stack/within.ts'
import { planRound, type Kill, type RoundPlan } from './exactly-once-plan.ts'
import { addVerdicts, judgeRows, type Verdict } from './judge-rows.ts'
import type { Scenario } from './report.ts'
import { RetryingSender } from './retrying-sender.ts'
import { runScenario } from './run-scenario.ts'

const DEFAULT_SEEDS: [number, number] = [1, 3]
/** The store of a killed owner may have to wait for its lease; a killed ClickHouse reads its tables again. */
const STORED_DEADLINE_MS = 90_000
const BACK_DEADLINE_MS = 60_000
/** Rounds whose rows may still be on their way to the store while the next ones run. */
const ROUNDS_IN_FLIGHT = 2

interface Round {
  seed: number
  senders: RetryingSender[]
  killed: string[]
}

/** kill -9 of whatever stands between a sender and the store, under load, at times that the seed chooses. */
const exactlyOnce: Scenario = {
  name: 'exactly-once',
  about: 'whatever is killed, every row that was answered 2xx is stored, and once',
  async run(report, { seeds }) {
    const [first, last] = seeds ?? DEFAULT_SEEDS
    const stack = await report.step('a stack starts from nothing', () => startStack())
    const verdicts: Verdict[] = []
    const judge = (round: Round) =>
      // A seed that fails is counted; the others still run.
      report.step(`seed ${round.seed}: ${describe(round)}`, () => judgeRound(stack, round, verdicts)).catch(() => {})
    try {
      const waiting: Round[] = []
      for (let seed = first; seed <= last; seed++) {
        waiting.push(await runRound(stack, planRound(seed)))
        if (waiting.length > ROUNDS_IN_FLIGHT) await judge(waiting.shift() as Round)
      }
      for (const round of waiting) await judge(round)
      report.note(`all seeds: ${inWords(addVerdicts(verdicts))}`)
    } finally {
      await stack.stop()
    }
  },
}

/** Load and kills of one seed; comes back when every request is answered. */
async function runRound(stack: NinesStack, plan: RoundPlan): Promise<Round> {
  const target = { ingestUrl: stack.ingestUrl, key: stack.ingestKey }
  const senders = plan.senders.map(
    ({ shape, random }, i) => new RetryingSender(target, `seed ${plan.seed} sender ${i}`, shape, random),
  )
  for (const sender of senders) sender.start()
  const startedAt = Date.now()
  const killed: string[] = []
  for (const kill of plan.kills) {
    await sleep(Math.max(0, startedAt + kill.atMs - Date.now()))
    killed.push(killNow(stack, kill))
  }
  await sleep(Math.max(0, startedAt + plan.loadMs - Date.now()))
  await within(BACK_DEADLINE_MS, 'every request is answered', Promise.all(senders.map((s) => s.finish())))
  return { seed: plan.seed, senders, killed }
}

function killNow(stack: NinesStack, { victim, atMs }: Kill): string {
  try {
    process.kill(stack.pidOf(victim), 'SIGKILL')
    return `${victim} at ${(atMs / 1000).toFixed(1)} s`
  } catch {
    return `${victim} at ${(atMs / 1000).toFixed(1)} s (was down)`
  }
}

async function judgeRound(stack: NinesStack, round: Round, verdicts: Verdict[]): Promise<void> {
  const refusal = round.senders.flatMap((s) => s.refusals)[0]
  if (refusal !== undefined) throw new Error(`a request was refused: ${refusal.slice(0, 300)}`)
  const own = await Promise.all(round.senders.map((sender) => judgeStream(stack, sender)))
  const verdict = addVerdicts(own)
  verdicts.push(verdict)
  if (verdict.lost + verdict.doubled + verdict.repeated + verdict.unknown > 0) throw new Error(inWords(verdict))
}

/** Waits until nothing acked is missing, then a little for what might still come twice. */
async function judgeStream(stack: NinesStack, sender: RetryingSender): Promise<Verdict> {
  const look = async () => {
    const { signal } = sender.shape.format
    return judgeRows(sender.requests, await storedCopies(stack.clickhouseUrl, signal, sender.stream, sender.startMs))
  }
  const complete = eventually('all rows stored', async () => (await look()).lost === 0, {
    timeoutMs: STORED_DEADLINE_MS,
    everyMs: 250,
  })
  // What is missing then is lost, and said so by the count.
  await complete.catch(() => {})
  return eventually('ClickHouse answers', look, { timeoutMs: BACK_DEADLINE_MS, everyMs: 250 })
}

function describe({ killed, senders }: Round): string {
  const acked = senders.reduce((sum, s) => sum + s.ackedRows, 0)
  const retried = senders.flatMap((s) => s.requests).reduce((sum, r) => sum + r.unsureAttempts, 0)
  const formats = [...new Set(senders.map((s) => s.shape.format.name))].join(', ')
  return `killed ${killed.join(', ')}; ${acked} rows acked (${formats}), ${retried} retries`
}

function inWords(v: Verdict): string {
  return `${v.acked} rows acked, ${v.lost} lost, ${v.doubled} doubled, ${v.repeated} repeated by a resend, ${v.unknown} unknown`
}

if (import.meta.main) await runScenario(exactlyOnce)
