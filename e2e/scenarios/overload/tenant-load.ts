import { eventually } from '../../stack/eventually.ts'
import type { NinesStack } from '../../stack/nines-stack.ts'
import { storedCopies } from '../../stack/stored-copies.ts'
import { addVerdicts, judgeRows, type Verdict } from '../judge-rows.ts'
import { RetryingSender } from '../retrying-sender.ts'
import { allTelemetryFormats } from '../telemetry-formats.ts'
import { AnswerTally } from './answer-tally.ts'
import type { Tenant } from './tenant.ts'

const STORED_DEADLINE_MS = 180_000
/** An agent waits as long as it is told; here at most this, so that a run does not take ten minutes more. */
const MAX_RETRY_PAUSE_MS = 2_000

/** Rows of a request and pause between two; a sender for every format. */
export interface LoadShape {
  maxRows: number
  maxPauseMs: number
}

/** The senders of one workspace: OTLP over HTTP and gRPC, metrics, logs and spans, and remote write. */
export class TenantLoad {
  readonly tenant: Tenant
  /** Replaced by `mark`. */
  tally = new AnswerTally()
  readonly #stack: NinesStack
  readonly #senders: RetryingSender[]

  constructor(stack: NinesStack, tenant: Tenant, run: string, shape: LoadShape) {
    this.tenant = tenant
    this.#stack = stack
    const { ingestUrl, ingestGrpc } = stack
    this.#senders = allTelemetryFormats.map((format) => {
      const onAnswer = (...answer: Parameters<AnswerTally['add']>) => this.tally.add(...answer)
      const full = { format, ...shape, parallel: 1, maxRetryPauseMs: MAX_RETRY_PAUSE_MS, onAnswer }
      const stream = `${run} ${tenant.slug} ${format.name}`
      return new RetryingSender({ ingestUrl, ingestGrpc, key: tenant.key }, stream, full, Math.random)
    })
    for (const sender of this.#senders) sender.start()
  }

  /** Begins a new tally and gives the one until now. */
  mark(): AnswerTally {
    const past = this.tally
    this.tally = new AnswerTally()
    return past
  }

  /** Makes no more rows and waits until every request is answered for good. */
  async finish(): Promise<void> {
    await Promise.all(this.#senders.map((sender) => sender.finish()))
  }

  /** Answers that a sender takes for final although it did nothing wrong. */
  get finalRefusals(): string[] {
    return this.#senders.flatMap((sender) => sender.refusals)
  }

  /** Waits until nothing acked is missing and counts every copy. */
  async judge(): Promise<Verdict> {
    return addVerdicts(await Promise.all(this.#senders.map((sender) => this.#judgeSender(sender))))
  }

  async #judgeSender(sender: RetryingSender): Promise<Verdict> {
    const { clickhouseUrl } = this.#stack
    const { signal } = sender.shape.format
    const look = async () =>
      judgeRows(sender.requests, await storedCopies(clickhouseUrl, signal, sender.stream, sender.startMs))
    const complete = eventually('all rows stored', async () => (await look()).lost === 0, {
      timeoutMs: STORED_DEADLINE_MS,
      everyMs: 500,
    })
    // What is missing then is lost, and said so by the count.
    await complete.catch(() => {})
    return eventually('ClickHouse answers', look, { everyMs: 500 })
  }
}
