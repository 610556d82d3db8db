import { isComposite, longestDays, type SloWindow } from '@nines/contracts'
import { messageOf } from '@nines/kernel'
import type { SloDefinition } from '@nines/records'
import { compositeGraph, groupsOf, membersFirst, windowsAbove, type CompositeGraph } from '@nines/slo'
import { CompositeTracker, type CompositeDefinition } from './composite-tracker.ts'
import { EvaluationPlan } from './evaluation-plan.ts'
import { ownerOf } from './rendezvous.ts'
import { SeriesRouter } from './series-router.ts'
import { SloTracker, type OwnSloDefinition } from './slo-tracker.ts'

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
  /** After their members. */
  #composites = new Map<string, CompositeTracker>()
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
   * Takes up and gives up SLOs so that exactly those stand here that hash to this replica, at their current version. A
   * composite and all that it is connected with go by one hash: it reads its members' minutes.
   * New ones receive rows from now on and are ready only after their rebuild. Returns what came and what went, and which
   * cannot be evaluated at all: one bad definition must not keep the others from being taken up.
   */
  reconcile(definitions: readonly SloDefinition[], replicas: readonly string[], now: number): ShareChange {
    const graph = compositeGraph(definitions)
    const groups = groupsOf(graph)
    const share = definitions.filter(({ id }) => ownerOf(groups.get(id) ?? id, replicas) === this.#replica)
    const mine = new Map(share.flatMap((slo) => (hasOwnMinutes(slo) ? [[slo.id, slo] as const] : [])))
    const keptFor = windowsAbove(graph, windowsOf(definitions))
    this.#reconcileComposites(share, graph)
    const lost: SloTracker[] = []
    for (const tracker of this.trackers) {
      const definition = mine.get(tracker.definition.id)
      const windows = keptFor.get(tracker.definition.id) ?? []
      if (definition?.version !== tracker.definition.version || reachOf(windows) > tracker.reachDays) lost.push(tracker)
      else if (definition !== tracker.definition || windows.length !== tracker.keptFor.length) {
        tracker.definition = definition
        tracker.keptFor = windows
        tracker.touch()
      }
    }
    this.#drop(lost)
    const gained: SloTracker[] = []
    const broken: ShareChange['broken'] = []
    for (const definition of mine.values()) {
      if (this.#trackers.has(definition.id)) continue
      try {
        gained.push(this.#add(definition, now, keptFor.get(definition.id)))
      } catch (error) {
        broken.push({ definition, reason: messageOf(error) })
      }
    }
    this.#listen()
    return { gained, lost, broken }
  }

  /** Puts fresh trackers of the same SLOs in the place of those that missed something. */
  replace(trackers: readonly SloTracker[], now: number): SloTracker[] {
    this.#drop(trackers)
    const fresh = trackers.map((tracker) => this.#add(tracker.definition, now, tracker.keptFor))
    this.#listen()
    return fresh
  }

  #reconcileComposites(share: readonly SloDefinition[], graph: CompositeGraph): void {
    const mine = new Map(share.flatMap((slo) => (isCompositeSlo(slo) ? [[slo.id, slo] as const] : [])))
    const before = this.#composites
    this.#composites = new Map()
    for (const id of membersFirst(graph)) {
      const definition = mine.get(id)
      if (!definition) continue
      const known = before.get(id)
      const isSame = known?.definition.version === definition.version
      const tracker = known && isSame ? known : new CompositeTracker(definition, (member) => this.#find(member))
      this.#composites.set(id, tracker)
      if (tracker !== known) this.plan.add(tracker)
      else if (definition !== tracker.definition) {
        tracker.definition = definition
        tracker.touch()
      }
    }
    for (const [id, tracker] of before) if (this.#composites.get(id) !== tracker) this.plan.remove(tracker)
  }

  /** Composites hear of what changes in the members that are here now. */
  #listen(): void {
    for (const composite of this.#composites.values()) composite.listen()
  }

  #find(sloId: string): SloTracker | CompositeTracker | undefined {
    return this.#trackers.get(sloId) ?? this.#composites.get(sloId)
  }

  #add(definition: OwnSloDefinition, now: number, keptFor: readonly SloWindow[] = []): SloTracker {
    const tracker = new SloTracker(definition, now, keptFor)
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

function hasOwnMinutes(slo: SloDefinition): slo is OwnSloDefinition {
  return !isComposite(slo.sli)
}

function isCompositeSlo(slo: SloDefinition): slo is CompositeDefinition {
  return isComposite(slo.sli)
}

function windowsOf(definitions: readonly SloDefinition[]): (id: string) => SloWindow[] {
  const known = new Map(definitions.map((slo) => [slo.id, slo]))
  return (id) => {
    const slo = known.get(id)
    return slo ? [slo.window, ...slo.furtherObjectives.map(({ window }) => window)] : []
  }
}

function reachOf(windows: readonly SloWindow[]): number {
  return Math.max(0, ...windows.map(longestDays))
}
