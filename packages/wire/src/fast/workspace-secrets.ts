import { getRandomValues } from 'node:crypto'

/** Formats in which the same bytes mean different series. */
export type WireFormat = 'otlp' | 'remote write 1' | 'remote write 2'

const FORMATS: Record<WireFormat, number> = { otlp: 0, 'remote write 1': 2, 'remote write 2': 4 }

/** Random words that start the keys of each workspace and format: no key of one is ever one of another. */
export class WorkspaceSecrets {
  readonly #words = new Map<number, BigUint64Array>()

  /** Low and high word. */
  of(workspace: number, format: WireFormat): readonly [bigint, bigint] {
    let words = this.#words.get(workspace)
    if (!words) {
      words = getRandomValues(new BigUint64Array(6))
      this.#words.set(workspace, words)
    }
    return [words[FORMATS[format]]!, words[FORMATS[format] + 1]!]
  }

  /** New words from now on: all keys made so far lead nowhere. */
  forget(workspace: number): void {
    this.#words.delete(workspace)
  }
}
