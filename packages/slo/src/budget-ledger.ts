import type { Objective } from '@nines/contracts'
import { burnEpisodes } from './burn-episodes.ts'
import type { MinuteSeries } from './minute-series.ts'
import { MINUTE_MS, minuteOf } from './minute.ts'
import { windowUpTo, type Span } from './window-span.ts'

/** Bad events are counted in thousandths, so that sums of parts are sums of integers. */
export const UNITS_PER_EVENT = 1000
/** A burn that begins within this time after a change is put down to it. */
export const CHANGE_LOOK_BACK_MS = 30 * MINUTE_MS

/** A span of time [from, to), epoch ms, of the thing with this id. It covers every minute that it overlaps with. */
export interface LedgerSpan {
  id: string
  from: number
  to: number
}

export interface LedgerCauses {
  /** Incidents with an alert of the SLO, from the start of their impact to their end. */
  incidents: readonly LedgerSpan[]
  /** Planned work on the service. */
  maintenance: readonly LedgerSpan[]
  /** Changes of the service; `to` is the end of the rollout, `from` itself where it took no time. */
  changes: readonly LedgerSpan[]
}

export type LedgerCauseKind = 'incident' | 'maintenance' | 'change' | 'unattributed'

/** What one cause spent. */
export interface LedgerEntry {
  kind: LedgerCauseKind
  /** null for what nothing explains. */
  id: string | null
  /** Bad events in thousandths; a minute with more good events than events at all counts below zero. */
  units: number
  /** Minutes that were not all good, and the first and last of them (their starts, epoch ms; null without one); of bad slices all. */
  minutes: number
  first: number | null
  last: number | null
}

export interface BudgetLedger {
  /** Sum of the entries' units, exactly, and the bad events of all minutes, rounded to a thousandth. */
  units: number
  /** Largest first; `unattributed` is always there, and last. */
  entries: LedgerEntry[]
}

/**
 * Assigns the bad events of every minute that starts in [from, to) to exactly one cause, the first of:
 *
 * 1. an incident that covers the minute; of several the one that began first, then the one with the smaller id,
 * 2. maintenance that covers it, chosen likewise,
 * 3. a change: the minute belongs to a burn (see burnEpisodes) whose first minute overlaps with the time from the start of
 *    the change to CHANGE_LOOK_BACK_MS after its end; of several the one that started last, then the smaller id,
 * 4. nothing: unattributed.
 *
 * A slice of time is taken like a long minute: it belongs to the range that holds its last minute, where it stands, and is
 * covered by what overlaps with any minute of it. `sliceMs` is the length of slices, a minute where events count.
 *
 * Minutes go to one cause whole, and the units of a minute are the step of the running sum of bad events, rounded: so the
 * entries sum to the rounded whole whatever the fractions. `minutes` must reach back to the start of the burn that is
 * under way at `from`.
 */
export function budgetLedger(
  minutes: Pick<MinuteSeries, 'minutes' | 'sum'>,
  { from, to, target, sliceMs = MINUTE_MS, ...causes }: Span & { target: number; sliceMs?: number } & LedgerCauses,
): BudgetLedger {
  const grid = { from: Math.ceil(from / MINUTE_MS) * MINUTE_MS, to }
  const entries = entriesOf(causes)
  const owners = paintOwners({ ...grid, sliceMs }, entries, causes, () =>
    burnEpisodes(minutes, target, { to, sliceMs }),
  )
  let sum = 0
  let units = 0
  for (const [minute, { good, total }] of minutes.minutes(grid.from, to)) {
    if (total === good) continue
    sum += total - good
    const entry = entries.all[owners[(minute - grid.from) / MINUTE_MS] as number] as LedgerEntry
    const rounded = Math.round(sum * UNITS_PER_EVENT)
    entry.units += rounded - units
    entry.minutes += sliceMs / MINUTE_MS
    entry.first ??= minute + MINUTE_MS - sliceMs
    entry.last = minute
    units = rounded
  }
  const spent = entries.all.filter(({ kind, minutes: count }) => kind !== 'unattributed' && count > 0)
  return { units, entries: [...[...new Set(spent)].toSorted(bySize), entries.unattributed] }
}

/** The budget of an objective's window, as whole minutes show it. */
export interface WindowBudget {
  /** Bad events that it allows; null while the window holds no events. */
  events: number | null
  /** How long a full outage under even traffic may last. */
  outageSeconds: number
}

/**
 * The whole budget of the window at `to`, of the whole minutes before it: what history and status measure by. The calendar's
 * events that are still to come are taken to come as often as those so far.
 */
export function windowBudgetAt(minutes: MinuteSeries, { target, window }: Objective, to: number): WindowBudget {
  const span = windowUpTo(window, to)
  const { total } = minutes.sum(minuteOf(span.from), to - MINUTE_MS)
  const events = total === 0 ? null : ((1 - target) * total * (span.to - span.from)) / (to - span.from)
  return { events, outageSeconds: ((1 - target) * (span.to - span.from)) / 1000 }
}

/** Share of a budget, 1 for all of it, that these units are; null where the window holds no events. */
export function shareOfBudget(units: number, { events }: WindowBudget): number | null {
  return events === null ? null : units / UNITS_PER_EVENT / events
}

interface Entries {
  all: LedgerEntry[]
  unattributed: LedgerEntry
  /** Place in `all` of the first entry of the kind. */
  places: Record<'incidents' | 'maintenance' | 'changes', number>
}

/** An entry for each span, in order of precedence within each kind; spans of one id, such as recurrences, share theirs. */
function entriesOf({ incidents, maintenance, changes }: LedgerCauses): Entries {
  const known = new Map<string, LedgerEntry>()
  const entryOf = (kind: LedgerCauseKind, id: string | null): LedgerEntry => {
    const key = `${kind} ${id}`
    const entry = known.get(key) ?? { kind, id, units: 0, minutes: 0, first: null, last: null }
    known.set(key, entry)
    return entry
  }
  const unattributed = entryOf('unattributed', null)
  const all = [
    unattributed,
    ...incidents.toSorted(byStart).map(({ id }) => entryOf('incident', id)),
    ...maintenance.toSorted(byStart).map(({ id }) => entryOf('maintenance', id)),
    ...changes.toSorted(byNewest).map(({ id }) => entryOf('change', id)),
  ]
  const places = { incidents: 1, maintenance: 1 + incidents.length, changes: 1 + incidents.length + maintenance.length }
  return { all, unattributed, places }
}

/** For every minute of the grid the place of its entry. What takes precedence is painted later. */
function paintOwners(
  { sliceMs, ...grid }: Span & { sliceMs: number },
  { places }: Entries,
  { incidents, maintenance, changes }: LedgerCauses,
  episodes: () => Span[],
): Uint32Array {
  const owners = new Uint32Array(Math.max(0, Math.ceil((grid.to - grid.from) / MINUTE_MS)))
  // A slice that overlaps with the span may end, and stand, up to its length less a minute after it.
  const paint = ({ from, to }: Span, place: number, behindMs = 0) => {
    if (to <= from) return
    const first = Math.max(0, (minuteOf(from) - grid.from) / MINUTE_MS)
    const end = Math.ceil((to + behindMs - grid.from) / MINUTE_MS)
    if (end > first) owners.fill(place, first, Math.min(end, owners.length))
  }
  const newest = changes.toSorted(byNewest)
  for (const episode of changes.length === 0 ? [] : episodes()) {
    const end = episode.from + MINUTE_MS
    const index = newest.findIndex((change) => precedes(change, { from: end - sliceMs, to: end }))
    if (index >= 0) paint(episode, places.changes + index)
  }
  for (const [spans, place] of [
    [maintenance, places.maintenance],
    [incidents, places.incidents],
  ] as const) {
    const sorted = spans.toSorted(byStart)
    for (let i = sorted.length - 1; i >= 0; i--) paint(sorted[i] as LedgerSpan, place + i, sliceMs - MINUTE_MS)
  }
  return owners
}

/** Whether the time of the change and its look-back overlap with the burn's first minute, or slice. */
function precedes({ from, to }: LedgerSpan, first: Span): boolean {
  return from < first.to && Math.max(from, to) + CHANGE_LOOK_BACK_MS > first.from
}

const byId = (a: LedgerSpan, b: LedgerSpan) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
const byStart = (a: LedgerSpan, b: LedgerSpan) => a.from - b.from || byId(a, b)
const byNewest = (a: LedgerSpan, b: LedgerSpan) => b.from - a.from || byId(a, b)
const bySize = (a: LedgerEntry, b: LedgerEntry) => b.units - a.units || (a.first ?? 0) - (b.first ?? 0)
