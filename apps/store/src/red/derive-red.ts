import { BlockBuilder, redOf, RedOperations, SeriesCache, tablesOf, type Block, type ColumnTable } from '@nines/wire'
import type { DerivedBlocks } from '../shard-store.ts'

/** Series of operations to remember; a forgotten one is announced again. */
const REMEMBERED_SERIES = 100_000

interface OfWorkspace {
  retention: Block['retention']
  receivedAt: number
  spans: ColumnTable[]
}

/**
 * Request rate, errors and duration of the spans of records, as blocks of ordinary series: one for each workspace. A record
 * gives the same rows however often it is asked, since `recordAt`, its last entry's time, is fixed with it.
 */
export class RedDeriver {
  readonly #operations = new RedOperations(new SeriesCache({ limit: REMEMBERED_SERIES }))

  derive(blocks: readonly Block[], recordAt: number): DerivedBlocks {
    const builders = [...spansByWorkspace(blocks)].map(([workspace, { spans, receivedAt, retention }]) => {
      const builder = new BlockBuilder(workspace, receivedAt, retention ? { retention } : {})
      redOf(spans, builder, this.#operations, recordAt)
      return builder
    })
    return {
      blocks: builders.map((builder) => builder.finish()),
      confirm: () => {
        for (const builder of builders) builder.confirm()
      },
    }
  }
}

function spansByWorkspace(blocks: readonly Block[]): Map<number, OfWorkspace> {
  const found = new Map<number, OfWorkspace>()
  for (const block of blocks) {
    const spans = tablesOf(block).get('spans')
    if (!spans) continue
    const { retention, receivedAt } = block
    const known = found.get(block.workspace)
    if (known) known.spans.push(spans)
    else found.set(block.workspace, { retention, receivedAt, spans: [spans] })
  }
  return found
}
