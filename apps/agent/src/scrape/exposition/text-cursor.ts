import { ExpositionError } from './exposition-error.ts'

const LINE_END = 10
const QUOTE = 34
const BACKSLASH = 92
const METRIC_NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y
const BLANKS = /[ \t]*/y
const WORD = /[^ \t\n]+/y

/** A place in a text that only moves forward, so that reading takes time linear in the text. */
export class TextCursor {
  readonly text: string
  position = 0
  #line = 1
  #lineStart = 0

  constructor(text: string) {
    this.text = text
  }

  get atEnd(): boolean {
    return this.position >= this.text.length
  }
  get atLineEnd(): boolean {
    return this.atEnd || this.text.charCodeAt(this.position) === LINE_END
  }

  /** Throws with the present place, or another one of this line. */
  fail(problem: string, position = this.position): never {
    throw new ExpositionError(this.#line, position - this.#lineStart + 1, problem)
  }

  /** What stands here, for an error. */
  found(): string {
    if (this.atLineEnd) return 'the end of the line'
    return JSON.stringify(String.fromCodePoint(this.text.codePointAt(this.position) ?? 0))
  }

  accept(literal: string): boolean {
    if (!this.text.startsWith(literal, this.position)) return false
    this.position += literal.length
    return true
  }

  expect(literal: string): void {
    if (!this.accept(literal)) this.fail(`expected ${JSON.stringify(literal)}, found ${this.found()}`)
  }

  /** Passes the line's end; the end of the text is one. */
  nextLine(): void {
    if (!this.atLineEnd) this.fail(`expected the end of the line, found ${this.found()}`)
    this.position++
    this.#line++
    this.#lineStart = this.position
  }

  blanks(): boolean {
    return this.#match(BLANKS) !== ''
  }

  metricName(): string {
    return this.#match(METRIC_NAME) || this.fail(`expected a metric name, found ${this.found()}`)
  }
  labelName(): string {
    return this.#match(LABEL_NAME) || this.fail(`expected a label name, found ${this.found()}`)
  }
  /** The characters up to a blank or the line's end; empty when there are none. */
  word(): string {
    return this.#match(WORD)
  }
  restOfLine(): string {
    const newline = this.text.indexOf('\n', this.position)
    const start = this.position
    this.position = newline < 0 ? this.text.length : newline
    return this.text.slice(start, this.position)
  }

  get atQuote(): boolean {
    return this.text.charCodeAt(this.position) === QUOTE
  }

  /** A string in double quotes, unescaped. */
  quoted(): string {
    if (!this.atQuote) this.fail(`expected a string in double quotes, found ${this.found()}`)
    const start = this.position + 1
    let escaped = false
    for (let i = start; i < this.text.length; i++) {
      const code = this.text.charCodeAt(i)
      if (code === LINE_END) break
      if (code === BACKSLASH) {
        escaped = true
        i++
        // A backslash at the line's end does not take the newline into the string.
        if (this.text.charCodeAt(i) === LINE_END) break
      } else if (code === QUOTE) {
        this.position = i + 1
        const raw = this.text.slice(start, i)
        return escaped ? unescapeText(raw) : raw
      }
    }
    return this.fail('the string that begins here does not end on its line')
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.position
    const matched = pattern.exec(this.text)?.[0] ?? ''
    this.position += matched.length
    return matched
  }
}

/** Undoes \\, \" and \n; both formats leave any other pair as it is. */
export function unescapeText(raw: string): string {
  return raw.replace(/\\([\\"n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
}
