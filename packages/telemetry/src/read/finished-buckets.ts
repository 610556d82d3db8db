import type { RollupTable } from './rollup-levels.ts'

/** Values that all rows together may hold, 8 bytes each. */
const MAX_CELLS = 4_000_000

/** Buckets [from, until), epoch ms, of one series or service; NaN where there is none. */
export interface BucketRow {
  from: number
  until: number
  values: Float64Array
}

/** A rollup, or what was worked out from samples. */
export type BucketTable = RollupTable | 'samples'

/** What is read of a rollup: one column of some rows over buckets that start in [from, to). */
export interface BucketsWanted {
  workspace: number
  table: BucketTable
  width: number
  /** Tells apart what is kept: a column, of one metric where rows are services. */
  what: string
  keys: readonly string[]
  /** Both on edges of buckets; all between is finished. */
  from: number
  to: number
}

/** A row as the store brings it: `slots` are places of buckets counted from the `from` that was asked for. */
export interface FetchedRow {
  key: string
  slots: ArrayLike<number>
  values: ArrayLike<number>
}
export type FetchBuckets = (keys: readonly string[], from: number, to: number) => Promise<Iterable<FetchedRow>>

interface Span {
  from: number
  to: number
}

/**
 * Finished buckets of rollups in memory, so that a dashboard that asks again reads what is new only. A bucket may be
 * computed anew when samples come late: `forget` is told of it before the rollup counts as finished again, and what
 * was being read meanwhile is not kept.
 */
export class FinishedBuckets {
  readonly #maxCells: number
  /** By key, the one that was asked for longest ago first. */
  readonly #rows = new Map<string, BucketRow & { workspace: number; table: BucketTable }>()
  #cells = 0
  #version = 0

  constructor({ maxCells = MAX_CELLS }: { maxCells?: number } = {}) {
    this.#maxCells = maxCells
  }

  /** Rows by key that hold at least the buckets wanted; what is not here is fetched, all at once. */
  async read(wanted: BucketsWanted, fetch: FetchBuckets): Promise<Map<string, BucketRow>> {
    const { from, to, keys } = wanted
    const found = new Map<string, BucketRow>()
    const begun = new Map<string, BucketRow | undefined>()
    let fetchFrom = to
    for (const key of keys) {
      const row = this.#touch(nameOf(wanted, key))
      if (row && row.from <= from && row.until >= to) {
        found.set(key, row)
        continue
      }
      const isBegun = row !== undefined && row.from <= from && row.until >= from
      begun.set(key, isBegun ? row : undefined)
      fetchFrom = Math.min(fetchFrom, isBegun ? row.until : from)
    }
    if (begun.size === 0) return found
    const version = this.#version
    const fetched = new Map<string, FetchedRow>()
    for (const row of await fetch([...begun.keys()], fetchFrom, to)) fetched.set(row.key, row)
    for (const [key, row] of begun) {
      const whole = extended(row, { from: fetchFrom, to, width: wanted.width }, fetched.get(key))
      found.set(key, whole)
      if (version === this.#version) this.#keep(wanted, key, whole)
    }
    return found
  }

  /** Lets go of buckets of a table that overlap these spans; of all when none are named. */
  forget(table: BucketTable, ofWorkspace: (workspace: number) => boolean, spans: readonly Span[] | undefined): void {
    if (spans?.length === 0) return
    this.#version++
    for (const [name, row] of this.#rows) {
      if (row.table !== table || !ofWorkspace(row.workspace)) continue
      const until = spans
        ? Math.min(row.until, ...spans.filter(({ from, to }) => from < row.until && to > row.from).map((s) => s.from))
        : row.from
      if (until === row.until) continue
      this.#remove(name)
      if (until <= row.from) continue
      const share = (until - row.from) / (row.until - row.from)
      const values = row.values.slice(0, Math.round(row.values.length * share))
      this.#rows.set(name, { ...row, until, values })
      this.#cells += values.length
    }
  }

  #touch(name: string): BucketRow | undefined {
    const row = this.#rows.get(name)
    if (row === undefined) return undefined
    this.#rows.delete(name)
    this.#rows.set(name, row)
    return row
  }

  #keep(wanted: BucketsWanted, key: string, row: BucketRow): void {
    const name = nameOf(wanted, key)
    this.#remove(name)
    this.#rows.set(name, { ...row, workspace: wanted.workspace, table: wanted.table })
    this.#cells += row.values.length
    for (const oldest of this.#rows.keys()) {
      if (this.#cells <= this.#maxCells) return
      this.#remove(oldest)
    }
  }

  #remove(name: string): void {
    this.#cells -= this.#rows.get(name)?.values.length ?? 0
    this.#rows.delete(name)
  }
}

function nameOf({ workspace, table, what }: BucketsWanted, key: string): string {
  return `${workspace}\n${table}\n${what}\n${key}`
}

/** A row with what was fetched behind it; it begins with what was fetched where there is no row. */
function extended(
  row: BucketRow | undefined,
  { from, to, width }: Span & { width: number },
  fetched: FetchedRow | undefined,
): BucketRow {
  const begin = row?.from ?? from
  const values = new Float64Array((to - begin) / width).fill(NaN)
  if (row) values.set(row.values.subarray(0, values.length))
  const shift = (from - begin) / width
  if (fetched) for (let i = 0; i < fetched.slots.length; i++) values[shift + fetched.slots[i]!] = fetched.values[i]!
  return { from: begin, until: to, values }
}
