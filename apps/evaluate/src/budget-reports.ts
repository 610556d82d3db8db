import type { AdvanceBudgetPayload, SloStatus } from '@nines/contracts'
import { loadBudgetWatches, type BudgetWatch, type PrismaClient } from '@nines/records'
import { advanceBudget, budgetReadingOf } from '@nines/slo'

/** What was said and is not on record yet is said again. */
const REPEAT_AFTER_MS = 10_000

/**
 * Says when a budget crosses a step of the policy that its SLO follows. What is compared is the steps on record, as of the
 * last look: a report that was lost, or that nobody could take, is due again by itself, and one that is on record is not.
 */
export class BudgetReports {
  #watches: ReadonlyMap<string, BudgetWatch> = new Map()
  readonly #said = new Map<string, { what: string; at: number }>()

  /** Looks at the policies and at what is on record. */
  async load(prisma: PrismaClient): Promise<void> {
    const watches = await loadBudgetWatches(prisma)
    this.#watches = new Map(watches.map((watch) => [watch.sloId, watch]))
    for (const sloId of this.#said.keys()) if (!this.#watches.has(sloId)) this.#said.delete(sloId)
  }

  /** What is to be reported of a status now; null when nothing is. Call `said` once it was. */
  due(status: SloStatus): AdvanceBudgetPayload | null {
    const watch = this.#watches.get(status.sloId)
    if (!watch) return null
    const reading = budgetReadingOf(status)
    const what = crossingsOf(watch, reading)
    if (what === '') return null
    const said = this.#said.get(status.sloId)
    if (said?.what === what && reading.at - said.at < REPEAT_AFTER_MS) return null
    return { workspaceId: watch.workspaceId, sloId: status.sloId, ...reading }
  }

  /** Remembers that a report is on its way, so that it is not made at every evaluation. */
  said({ workspaceId: _workspaceId, sloId, ...reading }: AdvanceBudgetPayload): void {
    const watch = this.#watches.get(sloId)
    if (watch) this.#said.set(sloId, { what: crossingsOf(watch, reading), at: reading.at })
  }
}

/** The steps that a reading crosses, in words to compare; empty where it crosses none. */
function crossingsOf(
  { machine, terms }: BudgetWatch,
  reading: Omit<AdvanceBudgetPayload, 'workspaceId' | 'sloId'>,
): string {
  const { crossings } = advanceBudget(machine, terms, reading)
  return crossings.map(({ kind, objective, budgetLeftBelow }) => `${kind} ${objective} ${budgetLeftBelow}`).join()
}
