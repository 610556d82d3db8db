import type { SeriesDefinition } from '@nines/contracts'
import { SeriesRows, tablesOf, type Block, type ColumnTable } from '@nines/wire'
import { instantOf } from '../evaluate/points.ts'
import type { QueryAnswer, TelemetryQuery } from '../evaluate/telemetry-query.ts'
import { columnWords } from '../native/column-words.ts'
import { SampleRings } from './sample-rings.ts'
import { WorkspaceHead } from './workspace-head.ts'

/** What a query over the last five minutes takes, with the sample before and some delay. */
const HORIZON_MS = 6.5 * 60_000
/** Samples older than this are none of the head's, and series without younger ones leave it. */
export const HEAD_KEEPS_MS = 15 * 60_000
/** Clocks of senders may be ahead by this much. */
const AHEAD_MS = 10 * 60_000
const SWEEP_EVERY_MS = 60_000
const MAX_RING_BYTES = 256 * 1024 * 1024
/** Instants are kept as Uint32 from the base on; before they run out the head begins anew. */
const MAX_OFFSET = 0xf000_0000

export interface ResidentHeadOptions {
  now: number
  /** No series' ring grows when all rings together take this much. Default 256 MiB. */
  maxRingBytes?: number
}

/**
 * The newest samples of all series of some workspaces, in memory, filled from the block stream. It answers what it holds
 * completely and nothing else: rings that let go a sample, series without a name, and times before it was warm make it
 * decline, and the store is asked instead.
 */
export class ResidentHead {
  readonly #options: ResidentHeadOptions
  #rings: SampleRings
  #workspaces = new Map<number, WorkspaceHead>()
  #base: number
  /** From here on every sample has been seen; nothing is complete before the head is warm. */
  #completeFrom = Infinity
  #sweptAt: number

  constructor(options: ResidentHeadOptions) {
    this.#options = options
    this.#rings = ringsFor(options)
    this.#base = options.now - HEAD_KEEPS_MS
    this.#sweptAt = options.now
  }

  get seriesCount(): number {
    let count = 0
    for (const workspace of this.#workspaces.values()) count += workspace.seriesCount
    return count
  }

  get ringBytes(): number {
    return this.#rings.bytes
  }

  get isWarm(): boolean {
    return this.#completeFrom !== Infinity
  }

  /** Everything from that instant on (epoch ms) has been taken in, from the stream and from the store. */
  setCompleteFrom(at: number): void {
    this.#completeFrom = at
  }

  /** Takes a block's definitions and samples. Once the base is too long ago the head is empty and cold again. */
  take(block: Block, now: number): void {
    if (now + AHEAD_MS - this.#base > MAX_OFFSET) this.#reset(now)
    const tables = tablesOf(block)
    const series = tables.get('series')
    if (series) this.#workspace(block.workspace).defineRows(new SeriesRows(series))
    const samples = tables.get('samples')
    if (samples) this.#takeSamples(this.#workspace(block.workspace), samples, now)
    if (now - this.#sweptAt >= SWEEP_EVERY_MS) this.#sweep(now)
  }

  define(workspace: number, definitions: readonly SeriesDefinition[]): void {
    const head = this.#workspace(workspace)
    for (const definition of definitions) head.define(definition)
  }

  /** Takes samples that the store had already; series ids in halves, low first. */
  takeStored(workspace: number, series: Uint32Array, at: Float64Array, value: Float64Array): void {
    const head = this.#workspace(workspace)
    for (let i = 0; i < at.length; i++) {
      const offset = at[i]! - this.#base
      if (offset > 0 && offset < MAX_OFFSET) head.append(series[2 * i]!, series[2 * i + 1]!, offset, value[i]!)
    }
  }

  /** Ids of series by workspace that have samples and no definition yet. */
  unnamed(): Map<number, string[]> {
    const found = new Map<number, string[]>()
    for (const [workspace, head] of this.#workspaces) {
      const ids = head.unnamed()
      if (ids.length > 0) found.set(workspace, ids)
    }
    return found
  }

  leaveUnnamed(workspace: number, ids: readonly string[]): void {
    this.#workspaces.get(workspace)?.leaveUnnamed(ids)
  }

  /** The answer, or null where the store has to be asked. */
  answer(workspace: number, query: TelemetryQuery, now: number): QueryAnswer | null {
    const latest = instantOf(query.grid, query.grid.count - 1)
    if (!this.isWarm || latest > now + AHEAD_MS) return null
    const completeFrom = Math.max(this.#completeFrom, now - HEAD_KEEPS_MS, this.#base + 1)
    const rows = this.#workspace(workspace).evaluate(query, completeFrom)
    return rows && { rows, source: 'head' }
  }

  #takeSamples(head: WorkspaceHead, table: ColumnTable, now: number): void {
    const [series, at, value] = ['series', 'at', 'value'].map((name) => columnWords(table, name)) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ]
    const values = new Float64Array(value.buffer, value.byteOffset, table.rows)
    const [oldest, newest] = [now - HEAD_KEEPS_MS - this.#base, now + AHEAD_MS - this.#base]
    for (let i = 0; i < table.rows; i++) {
      const offset = (at[2 * i + 1]! | 0) * 0x1_0000_0000 + at[2 * i]! - this.#base
      if (offset > oldest && offset > 0 && offset <= newest)
        head.append(series[2 * i]!, series[2 * i + 1]!, offset, values[i]!)
    }
  }

  #sweep(now: number): void {
    this.#sweptAt = now
    for (const head of this.#workspaces.values()) head.sweep(now - HEAD_KEEPS_MS)
  }

  #reset(now: number): void {
    this.#rings = ringsFor(this.#options)
    this.#workspaces = new Map()
    this.#base = now - HEAD_KEEPS_MS
    this.#completeFrom = Infinity
  }

  #workspace(number: number): WorkspaceHead {
    const known = this.#workspaces.get(number)
    if (known) return known
    const made = new WorkspaceHead(this.#rings, this.#base)
    this.#workspaces.set(number, made)
    return made
  }
}

function ringsFor({ maxRingBytes = MAX_RING_BYTES }: ResidentHeadOptions): SampleRings {
  return new SampleRings({ horizonMs: HORIZON_MS, maxBytes: maxRingBytes })
}
