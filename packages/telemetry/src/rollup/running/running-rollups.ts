import { SeriesRows, tablesOf, type Block, type ColumnTable } from '@nines/wire'
import type { SeriesDefinition } from '@nines/contracts'
import { columnWords } from '../../native/column-words.ts'
import { retentionOf } from '../../write/block-table-rows.ts'
import { BucketRows, type BucketChunk } from './bucket-rows.ts'
import { BUCKET_MS } from './bucket-width.ts'
import type { ServiceMinute } from './service-minutes.ts'
import { serviceOf, serviceOfRow } from './service-of.ts'
import { WorkspaceTotals, type Horizon, type ValueKind } from './workspace-totals.ts'

/** Series of one workspace, or all of it. */
export interface ChangedScope {
  workspace: number
  /** Ids, decimal; null for all. */
  series: string[] | null
}

/** What a stretch of closed buckets came to, beside the rows. */
export interface ClosedStretch {
  from: number
  to: number
  /** Nothing is known of it: it is to be computed from stored samples as a whole. */
  isUnknown: boolean
  /** What is to be computed from stored samples, after the rows have been inserted. */
  changed: ChangedScope[]
  services: { workspace: number; retention: number; minutes: ServiceMinute[] }[]
  /** Starts of buckets that samples came for since they were closed last. */
  touched: number[]
}

/**
 * A statement that names thousands of series takes ClickHouse seconds to plan, whatever it finds: beyond this many it is
 * about all series, where those named are no small part of them.
 */
const MOST_NAMED = 2_000
const SMALL_PART = 1 / 10

/** Kinds of series whose points are plain numbers. */
const KINDS: ReadonlySet<string> = new Set(['sum', 'gauge'])

/**
 * Rollups of one shard of the stream, summed while its blocks go by: so they cost no scan of stored samples. It knows
 * what it cannot know, and says so: samples that came before it, series whose kind nobody named, samples out of order.
 * All that is said of one bucket by its rows, with revision 0, is replaced by whatever is computed later.
 */
export class RunningRollups {
  readonly #horizon: Horizon = { closedTo: -Infinity, wholeFrom: Infinity }
  readonly #workspaces = new Map<number, WorkspaceTotals>()
  readonly #rows = new BucketRows()
  readonly #mostNamed: number
  #seenTo = -Infinity

  constructor({ mostNamed = MOST_NAMED }: { mostNamed?: number } = {}) {
    this.#mostNamed = mostNamed
  }

  /** Closed buckets that wait to be inserted. */
  get rowCount(): number {
    return this.#rows.count
  }

  /** Whether it is known which samples were stored before those that go by here. */
  get isWhole(): boolean {
    return this.#horizon.wholeFrom !== Infinity
  }

  /** All samples stored without going by here are at most that old (epoch ms). */
  setWholeFrom(at: number): void {
    if (!this.isWhole) this.#horizon.wholeFrom = Math.max(at, this.#seenTo)
  }

  /** Takes a block's definitions and samples, once the block is stored. */
  take(block: Block): void {
    const tables = tablesOf(block)
    const series = tables.get('series')
    if (series) this.#defineRows(this.#totals(block.workspace), new SeriesRows(series))
    const samples = tables.get('samples')
    if (!samples) return
    const totals = this.#totals(block.workspace)
    totals.retention = retentionOf('samples', block)
    this.#takeSamples(totals, samples)
  }

  define(workspace: number, definitions: readonly SeriesDefinition[]): void {
    const totals = this.#totals(workspace)
    for (const { id, kind, metric, labels, temporality } of definitions) {
      if (!KINDS.has(kind)) continue
      const whole = BigInt(id)
      const [low, high] = [Number(whole & 0xffff_ffffn), Number(whole >> 32n)]
      totals.define(
        low,
        high,
        kindOf(kind, temporality),
        kind === 'sum' ? { metric, service: serviceOf(labels) } : null,
      )
    }
  }

  /** Ids of series by workspace that have samples and no definition yet. */
  unnamed(): Map<number, string[]> {
    const found = new Map<number, string[]>()
    for (const [workspace, totals] of this.#workspaces) {
      const ids = totals.unnamed()
      if (ids.length > 0) found.set(workspace, ids)
    }
    return found
  }

  leaveUnnamed(workspace: number, ids: readonly string[]): void {
    this.#workspaces.get(workspace)?.leaveUnnamed(ids)
  }

  /**
   * Closes the buckets that start in [from, to), and all before. Their rows wait in `takeRows`. Should what is to be done
   * with the answer fail, `putBack` has it answered again.
   */
  close(from: number, to: number): ClosedStretch {
    this.#horizon.closedTo = Math.max(this.#horizon.closedTo, to)
    const stretch: ClosedStretch = {
      from,
      to,
      isUnknown: from < this.#horizon.wholeFrom,
      changed: [],
      services: [],
      touched: [],
    }
    const touched = new Set<number>()
    for (const [workspace, totals] of this.#workspaces) {
      totals.close(to)
      const minutes = totals.takeServices(from, to)
      if (minutes.length > 0) stretch.services.push({ workspace, retention: totals.retention, minutes })
      const changed = totals.changed.take(from, to)
      if (changed.size > 0) stretch.changed.push({ workspace, series: this.#namesOf(totals, changed.values()) })
      for (let start = from; start < to; start += BUCKET_MS) if (totals.takeTouched(start)) touched.add(start)
      totals.sweep()
    }
    stretch.touched = [...touched]
    return stretch
  }

  /** The stretch is not done: its buckets are to be computed as a whole next time. */
  putBack({ from, to }: ClosedStretch): void {
    for (const totals of this.#workspaces.values())
      for (let start = from; start < to; start += BUCKET_MS) totals.changeAll(start)
  }

  takeRows(): BucketChunk[] {
    return this.#rows.take()
  }

  giveBackRows(chunks: readonly BucketChunk[]): void {
    this.#rows.giveBack(chunks)
  }

  #defineRows(totals: WorkspaceTotals, rows: SeriesRows): void {
    while (rows.next()) {
      const { idLow, idHigh, metric, kind, temporality } = rows
      if (!KINDS.has(kind)) continue
      const group = kind === 'sum' ? { metric, service: serviceOfRow(rows) } : null
      totals.define(idLow, idHigh, kindOf(kind, temporality), group)
    }
  }

  #takeSamples(totals: WorkspaceTotals, table: ColumnTable): void {
    const [series, at, value] = ['series', 'at', 'value'].map((name) => columnWords(table, name)) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ]
    const values = new Float64Array(value.buffer, value.byteOffset, table.rows)
    this.#seenTo = Math.max(this.#seenTo, totals.append(series, at, values))
  }

  #namesOf(totals: WorkspaceTotals, all: Iterable<ReadonlySet<number> | null>): string[] | null {
    const slots = new Set<number>()
    for (const some of all) {
      if (some === null) return null
      for (const slot of some) slots.add(slot)
    }
    if (slots.size > this.#mostNamed && slots.size >= totals.seriesCount * SMALL_PART) return null
    return Array.from(slots, (slot) => totals.idOf(slot))
  }

  #totals(workspace: number): WorkspaceTotals {
    const known = this.#workspaces.get(workspace)
    if (known) return known
    const made = new WorkspaceTotals(workspace, this.#horizon, this.#rows)
    this.#workspaces.set(workspace, made)
    return made
  }
}

function kindOf(kind: string, temporality: string): ValueKind {
  return kind === 'gauge' ? 'gauge' : temporality === 'delta' ? 'delta' : 'total'
}
