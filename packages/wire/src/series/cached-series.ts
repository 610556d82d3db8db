import type { SeriesDefinition } from '@nines/contracts'
import type { SeriesTable } from './series-table.ts'

/** Where a series stands in the table. */
export interface SeriesPlace {
  table: SeriesTable
  entry: number
  workspace: number
  idLow: number
  idHigh: number
}

export const ANNOUNCE_EVERY_MS = 60 * 60_000

/** A series that the process knows, as rows are written for it. */
export class CachedSeries {
  /** What is announced; null where only the bytes that it came in were looked at. */
  readonly definition: Omit<SeriesDefinition, 'id'> | null
  readonly #place: SeriesPlace
  /** Seconds; for who keeps the object longer than the table keeps the series. */
  #announcedAt = 0

  constructor(place: SeriesPlace, definition: Omit<SeriesDefinition, 'id'> | null) {
    this.#place = place
    this.definition = definition
  }

  get id(): bigint {
    return (BigInt(this.#place.idHigh) << 32n) | BigInt(this.#place.idLow)
  }

  /** Halves of the id. */
  get idLow(): number {
    return this.#place.idLow
  }

  get idHigh(): number {
    return this.#place.idHigh
  }

  /** For those who keep it: no labels stay in memory. */
  withoutDefinition(): CachedSeries {
    return this.definition ? new CachedSeries(this.#place, null) : this
  }

  /**
   * Whether the definition has to stand in a block of this instant (epoch ms). Half to three quarters of the interval
   * after the last time, spread by the id, so that series that appeared together are not announced together ever after.
   */
  isDue(at: number, announceEveryMs = ANNOUNCE_EVERY_MS): boolean {
    const share = 0.5 + (this.#place.idHigh & 0xffff) / 0x4_0000
    return at - this.announcedAt >= announceEveryMs * share
  }

  /** The definition is in the stream, in a block of this instant. */
  announced(at: number): void {
    this.#announcedAt = Math.max(this.#announcedAt, Math.floor(at / 1_000))
    if (this.#isHeld()) this.#place.table.setAnnounced(this.#place.entry, this.#announcedAt)
  }

  /** When it was last announced, epoch ms in whole seconds; 0 for never. */
  get announcedAt(): number {
    const inTable = this.#isHeld() ? this.#place.table.announcedAt(this.#place.entry) : 0
    return 1_000 * Math.max(inTable, this.#announcedAt)
  }

  /** Whether the definition stands in the block of this number, as far as is known. */
  isPendingIn(block: number): boolean {
    return this.#isHeld() && this.#place.table.pendingIn(this.#place.entry) === block
  }

  setPendingIn(block: number): void {
    if (this.#isHeld()) this.#place.table.setPending(this.#place.entry, block)
  }

  seen(at: number): void {
    if (this.#isHeld()) this.#place.table.see(this.#place.entry, Math.floor(at / 1_000))
  }

  /** Whether the entry is still this series': it may have been forgotten. */
  #isHeld(): boolean {
    const { table, entry, workspace, idLow, idHigh } = this.#place
    return table.holds(entry, workspace, idLow, idHigh)
  }
}
