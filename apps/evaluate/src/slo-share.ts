import { messageOf } from '@nines/kernel'
import type { SloDefinition } from '@nines/records'
import { EvaluationPlan } from './evaluation-plan.ts'
import { ownerOf } from './rendezvous.ts'
import { SeriesRouter } from './series-router.ts'
import { SloTracker } from './slo-tracker.ts'

export interface ShareChange {
  gained: SloTracker[]
  lost: SloTracker[]
  broken: { definition: SloDefinition; reason: string }[]
}

/** The SLOs that this replica evaluates, and the way of rows to them. */
export class SloShare {
  /** When each is looked at. */
  readonly plan = new EvaluationPlan()
  readonly #trackers = new Map<string, SloTracker>()
  #list: readonly SloTracker[] | undefined
  readonly #routers = new Map<number, SeriesRouter>()
  readonly #replica: string

  constructor(replica: string) {
    this.#replica = replica
  }

  /** As they are now: whoever goes through it may take up and give up others meanwhile. */
  get trackers(): readonly SloTracker[] {
    return (this.#list ??= [...this.#trackers.values()])
  }

  get routers(): ReadonlyMap<number, SeriesRouter> {
    return this.#routers
  }

  routerOf(workspace: number): SeriesRouter {
    const known = this.#routers.get(workspace)
    if (known) return known
    const router = new SeriesRouter()
    this.#routers.set(workspace, router)
    return router
  }

  /** True while the tracker has not been given up or replaced. */
  holds(tracker: SloTracker): boolean {
    return this.#trackers.get(tracker.definition.id) === tracker
  }

  /**
   * Takes up and gives up SLOs so that exactly those stand here that hash to this replica, at their current version.
   * New ones receive rows from now on and are ready only after their rebuild. Returns what came and what went, and which
   * cannot be evaluated at all: one bad definition must not keep the others from being taken up.
   */
  reconcile(definitions: readonly SloDefinition[], replicas: readonly string[], now: number): ShareChange {
    const mine = new Map(
      definitions.filter(({ id }) => ownerOf(id, replicas) === this.#replica).map((slo) => [slo.id, slo]),
    )
    const lost: SloTracker[] = []
    for (const tracker of this.trackers) {
      const definition = mine.get(tracker.definition.id)
      if (definition?.version !== tracker.definition.version) lost.push(tracker)
      else if (definition !== tracker.definition) {
        tracker.definition = definition
        tracker.touch()
      }
    }
    this.#drop(lost)
    const gained: SloTracker[] = []
    const broken: ShareChange['broken'] = []
    for (const definition of mine.values()) {
      if (this.#trackers.has(definition.id)) continue
      try {
        gained.push(this.#add(definition, now))
      } catch (error) {
        broken.push({ definition, reason: messageOf(error) })
      }
    }
    return { gained, lost, broken }
  }

  /** Puts fresh trackers of the same SLOs in the place of those that missed something. */
  replace(trackers: readonly SloTracker[], now: number): SloTracker[] {
    this.#drop(trackers)
    return trackers.map((tracker) => this.#add(tracker.definition, now))
  }

  #add(definition: SloDefinition, now: number): SloTracker {
    const tracker = new SloTracker(definition, now)
    this.#trackers.set(definition.id, tracker)
    this.#list = undefined
    this.plan.add(tracker)
    this.routerOf(definition.workspaceNumber).addTracker(tracker)
    return tracker
  }

  #drop(trackers: readonly SloTracker[]): void {
    for (const tracker of trackers) {
      this.#trackers.delete(tracker.definition.id)
      this.plan.remove(tracker)
    }
    this.#list = undefined
    for (const [workspace, those] of Map.groupBy(trackers, (tracker) => tracker.definition.workspaceNumber))
      this.#routers.get(workspace)?.removeTrackers(new Set(those))
  }
}
