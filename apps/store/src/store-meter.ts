import { systemClock } from '@nines/kernel'
import type { Instruments } from '@nines/instrument'
import type { BlockEntry } from '@nines/pipeline'
import type { InsertSummary } from '@nines/telemetry'

/** What the store measures about itself. */
export class StoreMeter {
  readonly #rows
  readonly #inserts
  readonly #restored
  readonly #errors
  readonly #deadLetters
  readonly #delay
  /** By shard: when ingest received the oldest block that is not stored yet. */
  readonly #waitingSince = new Map<number, number>()

  constructor(instruments: Instruments) {
    this.#rows = instruments.counter('nines.store.rows', { unit: '{row}', description: 'Rows stored' })
    this.#inserts = instruments.counter('nines.store.inserts', { unit: '{insert}', description: 'Inserts made' })
    this.#restored = instruments.counter('nines.store.restored_parts', {
      unit: '{part}',
      description: 'Parts that a crash of ClickHouse had swallowed and a repeat brought back',
    })
    this.#errors = instruments.counter('nines.store.errors', { unit: '{error}', description: 'Inserts that failed' })
    this.#deadLetters = instruments.counter('nines.store.dead_letters', {
      unit: '{block}',
      description: 'Blocks set aside because they cannot be stored',
    })
    this.#delay = instruments.histogram('nines.store.delay', {
      unit: 's',
      description: 'Time from the receipt of a block until it is stored',
    })
    instruments.observableGauge(
      'nines.store.lag',
      { unit: 's', description: 'Age of the oldest block that is not stored yet, 0 when there is none' },
      () =>
        [...this.#waitingSince].map(([shard, since]) => ({ value: this.#ageSeconds(since), attributes: { shard } })),
    )
  }

  began(shard: number, entries: readonly BlockEntry[]): void {
    this.#waitingSince.set(shard, Math.min(...entries.map(receivedAt)))
  }

  stored(shard: number, entries: readonly BlockEntry[], { rows, inserts, restoredParts }: InsertSummary): void {
    this.#waitingSince.set(shard, Infinity)
    this.#rows.add(rows)
    this.#inserts.add(inserts)
    if (restoredParts > 0) this.#restored.add(restoredParts)
    for (const entry of entries) this.#delay.record(this.#ageSeconds(receivedAt(entry)))
  }

  /** A shard that another process stores is none of ours to report. */
  handedOn(shard: number): void {
    this.#waitingSince.delete(shard)
  }

  failed(kind: 'refused' | 'unavailable'): void {
    this.#errors.add(1, { kind })
  }

  deadLetter(): void {
    this.#deadLetters.add(1)
  }

  #ageSeconds(sinceMs: number): number {
    return Math.max(0, systemClock.now() - sinceMs) / 1000
  }
}

/** The stream's ids begin with Redis' time of appending, which serves where the block does not say. */
function receivedAt({ id, block }: BlockEntry): number {
  return block.receivedAt || Number(id.split('-', 1)[0])
}
