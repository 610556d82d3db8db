import { createBlockStream } from '@nines/pipeline'
import { eventually } from '../../stack/eventually.ts'
import type { NinesStack } from '../../stack/nines-stack.ts'
import { within } from '../../stack/within.ts'
import { addVerdicts } from '../judge-rows.ts'
import type { Report } from '../report.ts'
import type { Tenant } from './tenant.ts'
import { TenantLoad, type LoadShape } from './tenant-load.ts'

const ANSWERED_DEADLINE_MS = 120_000
const CAUGHT_UP_DEADLINE_MS = 180_000
/** The store gathers for a second or so; younger blocks are no arrears. */
const FRESH_MS = 5_000

/** Several workspaces sending side by side, and the judgement of all that they were acked. */
export class LoadGroup {
  readonly loads: TenantLoad[]
  readonly #stack: NinesStack

  constructor(stack: NinesStack, tenants: readonly Tenant[], run: string, shape: LoadShape) {
    this.#stack = stack
    this.loads = tenants.map((tenant) => new TenantLoad(stack, tenant, run, shape))
  }

  /** Notes what every workspace was answered since the last mark, and begins anew. Throws for a refusal without a time. */
  noteAnswers(report: Report, when: string): void {
    for (const load of this.loads) {
      const { slug } = load.tenant
      const tally = load.mark()
      const first = tally.firstRefusal
      report.note(`${slug}, ${when}: ${tally.inWords()}`)
      if (first)
        report.note(`${slug}, first refusal after ${(first.afterMs / 1000).toFixed(1)} s: ${first.text.slice(0, 220)}`)
      if (tally.withoutTime > 0)
        throw new Error(`${tally.withoutTime} refusals of ${slug} did not say when to come again`)
    }
  }

  /** Begins new tallies. */
  mark(): void {
    for (const load of this.loads) load.mark()
  }

  /** Seconds until the store has everything but the last moments' blocks. */
  async untilCaughtUp(): Promise<number> {
    const from = Date.now()
    const stream = createBlockStream({ redisUrl: this.#stack.redisUrl, prefix: 'nines' })
    const idMs = (id: string | null) => Number(id?.split('-', 1)[0] ?? 0)
    try {
      await eventually(
        'the store has caught up',
        async () => {
          const last = await stream.lastId(0)
          return idMs(await stream.storePosition(0)) >= Math.min(idMs(last), Date.now() - FRESH_MS)
        },
        { timeoutMs: CAUGHT_UP_DEADLINE_MS },
      )
    } finally {
      await stream.close()
    }
    return (Date.now() - from) / 1000
  }

  /** Ends the load; every request must come to a 2xx and every row of it into the store, once. */
  async settle(report: Report): Promise<void> {
    const finished = Promise.all(this.loads.map((load) => load.finish()))
    await within(ANSWERED_DEADLINE_MS, 'every request is answered', finished)
    const refusals = this.loads.flatMap((load) => load.finalRefusals)
    if (refusals.length > 0) throw new Error(`${refusals.length} final refusals, first: ${refusals[0]?.slice(0, 300)}`)
    const verdict = addVerdicts(await Promise.all(this.loads.map((load) => load.judge())))
    const { acked, lost, doubled, repeated, unknown } = verdict
    report.note(
      `${acked} rows acked, ${lost} lost, ${doubled} doubled, ${repeated} repeated by a resend, ${unknown} unknown`,
    )
    if (acked === 0 || lost + doubled + unknown > 0) throw new Error('what is stored is not what was acked')
  }
}
