import { messageOf } from '@nines/kernel'
import type { SloDefinition } from '@nines/records'
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
  readonly #trackers = new Map<string, SloTracker>()
  readonly #routers = new Map<number, SeriesRouter>()
  readonly #replica: string

  constructor(replica: string) {
    this.#replica = replica
  }

  get trackers(): SloTracker[] {
    return [...this.#trackers.values()]
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
      if (definition?.version === tracker.definition.version) tracker.definition = definition
      else {
        this.#drop(tracker)
        lost.push(tracker)
      }
    }
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

  /** Puts a fresh tracker of the same SLO in the place of one that missed something. */
  replace(tracker: SloTracker, now: number): SloTracker {
    this.#drop(tracker)
    return this.#add(tracker.definition, now)
  }

  #add(definition: SloDefinition, now: number): SloTracker {
    const tracker = new SloTracker(definition, now)
    this.#trackers.set(definition.id, tracker)
    this.routerOf(definition.workspaceNumber).addTracker(tracker)
    return tracker
  }

  #drop(tracker: SloTracker): void {
    this.#trackers.delete(tracker.definition.id)
    this.#routers.get(tracker.definition.workspaceNumber)?.removeTracker(tracker)
  }
}
