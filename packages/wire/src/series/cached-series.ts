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

/** A series that the process knows, as rows are written for it. */
export class CachedSeries {
  readonly id: bigint
  /** What is announced; null where only the bytes that it came in were looked at. */
  readonly definition: Omit<SeriesDefinition, 'id'> | null
  readonly #place: SeriesPlace
  readonly #announceEverySeconds: number

  constructor(place: SeriesPlace, announceEverySeconds: number, definition: Omit<SeriesDefinition, 'id'> | null) {
    this.#place = place
    this.id = (BigInt(place.idHigh) << 32n) | BigInt(place.idLow)
    this.#announceEverySeconds = announceEverySeconds
    this.definition = definition
  }

  /** For those who keep it: no labels stay in memory. */
  withoutDefinition(): CachedSeries {
    return new CachedSeries(this.#place, this.#announceEverySeconds, null)
  }

  /**
   * Whether the definition has to stand in a block of this instant (epoch ms). Half to three quarters of the interval
   * after the last time, spread by the id, so that series that appeared together are not announced together ever after.
   */
  isDue(at: number): boolean {
    const { table, entry } = this.#place
    if (!this.#isHeld()) return true
    const share = 0.5 + (this.#place.idHigh & 0xffff) / 0x4_0000
    return at / 1_000 - table.announcedAt(entry) >= this.#announceEverySeconds * share
  }

  /** The definition is in the stream, in a block of this instant. */
  announced(at: number): void {
    if (this.#isHeld()) this.#place.table.setAnnounced(this.#place.entry, Math.floor(at / 1_000))
  }

  /** When it was last announced, epoch ms; 0 for never. */
  get announcedAt(): number {
    return this.#isHeld() ? this.#place.table.announcedAt(this.#place.entry) * 1_000 : 0
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
