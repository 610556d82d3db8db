import { setImmediate as nextTurn } from 'node:timers/promises'

/** A kind of read of which several can be made as one. */
export interface ReadKind<Source, Query, Answer> {
  /** Answers queries, in their order. */
  run(source: Source, queries: readonly Query[]): Promise<Answer[]>
  canJoin(first: Query, other: Query): boolean
  /** How much of `most` one query may take. */
  cost(query: Query): number
  /** How much each really takes. Asked where more than `most` waits by `cost`, which knows no more than what was asked for. */
  weigh?(source: Source, queries: readonly Query[]): Promise<number[]>
  /** Whether `cost` knows better than what was asked for, so that there is nothing to weigh. Default: never. */
  isWeighed?(query: Query): boolean
  /** Queries of more than this together are not made as one. */
  most: number
  /** So many questions are open at once, so that the source works while an answer is taken in. Default 1. */
  parallel?: number
}

interface Waiting {
  query: unknown
  /** Of `most`; undefined until it was looked at. */
  cost: number | undefined
  resolve: (answer: never) => void
  reject: (error: unknown) => void
}

/**
 * Makes reads that are asked for at the same time together: hundreds of SLOs that are brought into memory beside each other ask
 * the store a few questions instead of thousands.
 */
export class Gathering<Source> {
  readonly #source: Source
  readonly #waiting = new Map<ReadKind<Source, never, unknown>, Waiting[]>()

  constructor(source: Source) {
    this.#source = source
  }

  ask<Query, Answer>(kind: ReadKind<Source, Query, Answer>, query: Query): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting.get(kind)
      const one: Waiting = { query, cost: undefined, resolve, reject }
      if (waiting) waiting.push(one)
      else {
        this.#waiting.set(kind, [one])
        void this.#drain(kind)
      }
    })
  }

  /** Until nothing waits. Whoever got an answer is given a turn to ask the next thing together with the others. */
  async #drain<Query, Answer>(kind: ReadKind<Source, Query, Answer>): Promise<void> {
    const waiting = this.#waiting.get(kind) ?? []
    const open = new Set<Promise<void>>()
    for (;;) {
      await nextTurn()
      if (waiting.length === 0 && open.size === 0) break
      if (waiting.length === 0 || open.size >= (kind.parallel ?? 1)) {
        await Promise.race(open)
        continue
      }
      await this.#weigh(kind, waiting)
      const answered = this.#answer(kind, takeBatch(kind, waiting)).finally(() => open.delete(answered))
      open.add(answered)
    }
    this.#waiting.delete(kind)
  }

  async #weigh<Query, Answer>(kind: ReadKind<Source, Query, Answer>, waiting: readonly Waiting[]): Promise<void> {
    const fresh = waiting.filter(({ cost }) => cost === undefined)
    for (const one of fresh) one.cost = kind.cost(one.query as Query)
    const unknown = fresh.filter(({ query }) => !kind.isWeighed?.(query as Query))
    const all = unknown.reduce((sum, { cost }) => sum + (cost ?? 0), 0)
    if (!kind.weigh || unknown.length < 2 || all <= kind.most) return
    const queries = unknown.map(({ query }) => query as Query)
    // What cannot be weighed is asked for in smaller parts, and says itself what is wrong.
    const weights = await kind.weigh(this.#source, queries).catch(() => [])
    for (const [i, weight] of weights.entries()) if (unknown[i]) unknown[i].cost = weight
  }

  async #answer<Query, Answer>(kind: ReadKind<Source, Query, Answer>, batch: readonly Waiting[]): Promise<void> {
    const queries = batch.map(({ query }) => query as Query)
    try {
      const answers = await kind.run(this.#source, queries)
      for (const [i, { resolve }] of batch.entries()) resolve(answers[i] as never)
    } catch (error) {
      if (batch.length === 1) for (const { reject } of batch) reject(error)
      // What is wrong with one is no fault of the others.
      else for (const one of batch) await this.#answer(kind, [one])
    }
  }
}

/** Takes the first that waits and those that can be made together with it. */
function takeBatch<Source, Query, Answer>(kind: ReadKind<Source, Query, Answer>, waiting: Waiting[]): Waiting[] {
  const [first, ...others] = waiting.splice(0)
  if (!first) return []
  const batch = [first]
  const costOf = ({ query, cost }: Waiting) => cost ?? kind.cost(query as Query)
  let cost = costOf(first)
  for (const one of others) {
    const more = costOf(one)
    if (cost + more <= kind.most && kind.canJoin(first.query as Query, one.query as Query)) {
      batch.push(one)
      cost += more
    } else waiting.push(one)
  }
  return batch
}
