/** An INSERT that carries rows, taken apart so that the rows can be read from a file. */
export interface InsertStatement {
  /** `INSERT INTO table (columns)`. */
  head: string
  /** `SETTINGS a = 1`, or empty. */
  settings: string
  format: string
  /** Offset in the given text at which the rows begin; equal to its length when they are sent apart. */
  payloadStart: number
}

/**
 * Recognises `INSERT INTO t (…) [SETTINGS …] FORMAT X` and `INSERT INTO t (…) [SETTINGS …] VALUES`, with or without
 * rows behind it. Anything else (INSERT … SELECT, INSERT … FROM INFILE, other statements) gives undefined.
 */
export function parseInsert(sql: string): InsertStatement | undefined {
  const scanner = new Scanner(sql)
  if (!scanner.keyword('INSERT') || !scanner.keyword('INTO')) return undefined
  scanner.keyword('TABLE')
  if (scanner.keyword('FUNCTION')) return undefined
  if (!scanner.tableName()) return undefined
  scanner.parentheses()
  const head = sql.slice(0, scanner.position)
  const settings = scanner.settings()
  if (scanner.keyword('VALUES')) return { head, settings, format: 'Values', payloadStart: scanner.position }
  if (!scanner.keyword('FORMAT')) return undefined
  const format = scanner.word()
  if (!format) return undefined
  scanner.endOfStatementLine()
  if (format.toUpperCase() === 'VALUES') return { head, settings, format: 'Values', payloadStart: scanner.position }
  return { head, settings, format, payloadStart: scanner.position }
}

const BLANK = /(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/y
const NAME_PART = /[A-Za-z_]\w*|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"|\{\s*\w+\s*:\s*Identifier\s*\}/y
const QUOTED = /'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"/sy

/** Walks over the beginning of a statement; every method leaves the position behind what it has recognised. */
class Scanner {
  position = 0
  readonly #sql: string

  constructor(sql: string) {
    this.#sql = sql
  }

  keyword(word: string): boolean {
    const before = this.position
    this.#take(BLANK)
    const found = this.#take(/[A-Za-z_]\w*/y)
    if (found?.toUpperCase() === word) return true
    this.position = before
    return false
  }

  word(): string | undefined {
    this.#take(BLANK)
    return this.#take(/\w+/y)
  }

  tableName(): boolean {
    this.#take(BLANK)
    if (!this.#take(NAME_PART)) return false
    while (this.#take(/\s*\.\s*/y)) if (!this.#take(NAME_PART)) return false
    return true
  }

  /** An optional list in balanced parentheses. */
  parentheses(): void {
    const before = this.position
    this.#take(BLANK)
    if (this.#sql[this.position] !== '(') {
      this.position = before
      return
    }
    let depth = 0
    while (this.position < this.#sql.length) {
      if (this.#take(QUOTED)) continue
      const character = this.#sql[this.position++]
      if (character === '(') depth++
      if (character === ')' && --depth === 0) return
    }
  }

  /** An optional `SETTINGS name = value, …`. */
  settings(): string {
    const start = this.position
    if (!this.keyword('SETTINGS')) return ''
    do {
      this.#take(BLANK)
      this.#take(/\w+\s*=\s*/y)
      if (!this.#take(QUOTED)) this.#take(/[^\s,]+/y)
    } while (this.#take(/\s*,/y))
    return this.#sql.slice(start, this.position).trim()
  }

  /** The blank rest of the line (or a semicolon) between the format's name and the rows. */
  endOfStatementLine(): void {
    this.#take(/[ \t]*;?[ \t]*(?:\r?\n)?/y)
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.#sql)?.[0]
    if (found !== undefined) this.position += found.length
    return found === '' ? undefined : found
  }
}
