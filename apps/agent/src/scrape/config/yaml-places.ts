import { isMap, LineCounter, parseDocument, type Document } from 'yaml'

/** A problem in a file: where, as `file:line: path`, and what. */
export interface FileProblem {
  where: string
  what: string
}

/** A YAML text that knows on which line each of its values stands. JSON is YAML. */
export class PlacedYaml {
  readonly #path: string
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(path: string, text: string) {
    this.#path = path
    this.#lines = new LineCounter()
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false })
  }

  /** Why the text is no YAML; empty when it is. */
  syntaxProblems(): FileProblem[] {
    return this.#document.errors.map((error) => ({
      where: `${this.#path}:${this.#lines.linePos(error.pos[0]).line}`,
      what: error.message,
    }))
  }

  /** The content as plain values. */
  value(): unknown {
    return this.#document.toJS() as unknown
  }

  problem(path: readonly PropertyKey[], what: string): FileProblem {
    const line = this.#line(path)
    const shown = pathText(path)
    return { where: `${this.#path}${line === null ? '' : `:${line}`}${shown === '' ? '' : `: ${shown}`}`, what }
  }

  /** The line of the path's last key or entry, or of what holds it when it is missing. */
  #line(path: readonly PropertyKey[]): number | null {
    const parent = path.length <= 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true)
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(path.at(-1))) : undefined
    const node: unknown = pair?.key ?? this.#document.getIn(path, true) ?? parent
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as number[] | null) : null
    return range?.[0] === undefined ? null : this.#lines.linePos(range[0]).line
  }
}

/** `scrape_configs[0].job_name` */
function pathText(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('')
}
