import { attributeKeysOf, isEventSli, type EventVerdict } from '@nines/slo'
import type { Block, ColumnTable } from '@nines/wire'
import type { EntryPlace } from './entry-gate.ts'
import { logsOf, spansOf, type PlacedEvent, type WantedRows } from './event-rows.ts'
import type { SloTracker } from './slo-tracker.ts'

/** SLOs over one signal by the service they ask for; '' for any. */
type Trackers = Map<string, Set<SloTracker>>

/** Brings spans and log records of one workspace's blocks to the SLOs they belong to. */
export class EventRouter {
  readonly #spans: Trackers = new Map()
  readonly #logs: Trackers = new Map()

  addTracker(tracker: SloTracker): void {
    const place = this.#placeOf(tracker)
    if (!place) return
    const known = place.trackers.get(place.service)
    if (known) known.add(tracker)
    else place.trackers.set(place.service, new Set([tracker]))
  }

  removeTracker(tracker: SloTracker): void {
    const place = this.#placeOf(tracker)
    const known = place?.trackers.get(place.service)
    known?.delete(tracker)
    if (place && known?.size === 0) place.trackers.delete(place.service)
  }

  /** Takes a block that arrived now, or, for trackers that came later, one that arrived before (`only`). */
  take(block: Block, place: EntryPlace, only?: ReadonlySet<SloTracker>): void {
    const spans = block.tables?.get('spans')
    if (spans) this.#takeRows(this.#spans, spans, spansOf, (tracker, span) => tracker.judgeSpan(span), { place, only })
    const logs = block.tables?.get('logs')
    if (logs) this.#takeRows(this.#logs, logs, logsOf, (tracker, log) => tracker.judgeLog(log), { place, only })
  }

  #takeRows<T extends { service: string }>(
    all: Trackers,
    table: ColumnTable,
    read: (table: ColumnTable, wanted: WantedRows) => Iterable<PlacedEvent<T>>,
    judge: (tracker: SloTracker, event: T) => EventVerdict,
    { place, only }: { place: EntryPlace; only: ReadonlySet<SloTracker> | undefined },
  ): void {
    const listeners = listenersOf(all, place, only)
    if (listeners.size === 0) return
    const ofAny = listeners.get('') ?? []
    for (const { at, key, event } of read(table, wantedBy(listeners))) {
      // Rows without a service are heard by those who listen to any.
      const ofService = event.service === '' ? [] : (listeners.get(event.service) ?? [])
      for (const trackers of [ofService, ofAny]) {
        for (const tracker of trackers) {
          const isGood = judge(tracker, event)
          if (isGood !== null) tracker.takeEvent({ at, keyLow: key.low, keyHigh: key.high, isGood }, 'stream')
        }
      }
    }
  }

  #placeOf({ sli }: SloTracker): { trackers: Trackers; service: string } | null {
    if (sli.kind === 'spans') return { trackers: this.#spans, service: sli.service }
    return sli.kind === 'logs' ? { trackers: this.#logs, service: sli.total.service ?? '' } : null
  }
}

/** Trackers by service that are to see this entry and have not yet. */
function listenersOf(all: Trackers, place: EntryPlace, only: ReadonlySet<SloTracker> | undefined) {
  const listeners = new Map<string, SloTracker[]>()
  for (const [service, trackers] of all) {
    const listening = [...trackers].filter(
      (tracker) => (!only || only.has(tracker)) && tracker.entries.admits(place, only !== undefined),
    )
    if (listening.length > 0) listeners.set(service, listening)
  }
  return listeners
}

function wantedBy(listeners: ReadonlyMap<string, readonly SloTracker[]>): WantedRows {
  const attributes = new Set<string>()
  for (const trackers of listeners.values()) {
    for (const { sli } of trackers) {
      if (isEventSli(sli)) for (const key of attributeKeysOf(sli)) attributes.add(key)
    }
  }
  return { services: listeners.has('') ? null : new Set(listeners.keys()), attributes }
}
