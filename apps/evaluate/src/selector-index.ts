import type { SeriesDefinition } from '@nines/contracts'
import { selectorsOf } from '@nines/slo'
import type { SloTracker } from './slo-tracker.ts'

/** Trackers that ask for one metric, by an equality that they ask for besides. */
interface OfMetric {
  /** label -> value -> trackers. */
  byLabel: Map<string, Map<string, Set<SloTracker>>>
  /** Those that ask for no equality. */
  others: Set<SloTracker>
}

/**
 * Finds the SLOs that a series may belong to without asking every SLO: ten thousand of them over one metric, each with its
 * own value of some label, are told apart by that label. It may name one too many, never one too few.
 */
export class SelectorIndex {
  readonly #metrics = new Map<string, OfMetric>()
  readonly #placesOf = new Map<SloTracker, Set<SloTracker>[]>()

  add(tracker: SloTracker): void {
    const places = selectorsOf(tracker.sli).map(({ metric, matchers }) => {
      const ofMetric = this.#ofMetric(metric)
      // An empty value also means series without the label.
      const equalities = matchers.filter(({ op, value }) => op === '=' && value !== '')
      const sets = equalities.map(({ label, value }) => placeOf(ofMetric, label, value))
      // What fewest others ask for tells most apart.
      const [first = ofMetric.others, ...rest] = sets
      return rest.reduce((least, set) => (set.size < least.size ? set : least), first)
    })
    for (const place of places) place.add(tracker)
    this.#placesOf.set(tracker, places)
  }

  remove(tracker: SloTracker): void {
    for (const place of this.#placesOf.get(tracker) ?? []) place.delete(tracker)
    this.#placesOf.delete(tracker)
  }

  /** Each once. */
  candidates({ metric, labels }: SeriesDefinition): ReadonlySet<SloTracker> {
    const ofMetric = this.#metrics.get(metric)
    if (!ofMetric) return NONE
    const found = [ofMetric.others]
    for (const [label, byValue] of ofMetric.byLabel) {
      const value = Object.hasOwn(labels, label) ? labels[label] : undefined
      const trackers = value === undefined ? undefined : byValue.get(value)
      if (trackers && trackers.size > 0) found.push(trackers)
    }
    const [only] = found
    return found.length === 1 && only ? only : new Set(found.flatMap((trackers) => [...trackers]))
  }

  #ofMetric(metric: string): OfMetric {
    const known = this.#metrics.get(metric)
    if (known) return known
    const made: OfMetric = { byLabel: new Map(), others: new Set() }
    this.#metrics.set(metric, made)
    return made
  }
}

const NONE: ReadonlySet<SloTracker> = new Set()

function placeOf({ byLabel }: OfMetric, label: string, value: string): Set<SloTracker> {
  const byValue = byLabel.get(label) ?? new Map<string, Set<SloTracker>>()
  byLabel.set(label, byValue)
  const trackers = byValue.get(value) ?? new Set<SloTracker>()
  byValue.set(value, trackers)
  return trackers
}
