const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const SPACE = /[ \t\r\n]*/y
const PLAIN = /[^"\\\n]*/y
const SIMPLE_ESCAPES: Record<string, number> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  '"': 34,
  "'": 39,
}
/** Digits of \x, \u and \U, which are hexadecimal. */
const HEX_ESCAPES: Record<string, number> = { x: 2, u: 4, U: 8 }

/**
 * Labels of a stream as Loki writes them: LogQL's selector with `=` alone, `{app="api", env="prod"}`. Values are Go's
 * string literals, in double quotes with escapes or in backquotes without. Labels without a value are left out, as Loki
 * does. Answers a sentence that says what is wrong and at which character.
 */
export function parseLabelSet(text: string): Map<string, string> | string {
  const parser = new LabelSetParser(text)
  try {
    return parser.parse()
  } catch (error) {
    if (error instanceof LabelSetError) return error.message
    throw error
  }
}

class LabelSetError extends Error {}

class LabelSetParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Map<string, string> {
    const labels = new Map<string, string>()
    this.#expect('{')
    while (!this.#take('}')) {
      const at = this.#at
      const name = this.#match(NAME)
      if (name === '') throw this.#fault('expected a label name')
      this.#expect('=')
      const value = this.#value()
      if (labels.has(name)) throw this.#fault(`label ${name} stands twice`, at)
      labels.set(name, value)
      if (!this.#take(',')) {
        this.#expect('}')
        break
      }
    }
    if (this.#at < this.#text.length) throw this.#fault('expected nothing more')
    for (const [name, value] of labels) if (value === '') labels.delete(name)
    return labels
  }

  #value(): string {
    if (this.#take('`', false)) {
      const end = this.#text.indexOf('`', this.#at)
      if (end < 0) throw this.#fault('a value has no end')
      // Go leaves carriage returns out of raw strings.
      const raw = this.#text.slice(this.#at, end).replaceAll('\r', '')
      this.#at = end + 1
      this.#match(SPACE)
      return raw
    }
    if (!this.#take('"', false)) throw this.#fault('expected = and a value in quotes')
    let value = ''
    for (;;) {
      value += this.#match(PLAIN)
      if (this.#take('"')) return value
      if (!this.#take('\\', false)) throw this.#fault('a value has no end')
      value += this.#escape()
    }
  }

  #escape(): string {
    const at = this.#at - 1
    const kind = this.#text[this.#at++] ?? ''
    const simple = SIMPLE_ESCAPES[kind]
    if (simple !== undefined) return String.fromCharCode(simple)
    const size = HEX_ESCAPES[kind]
    if (size === undefined && !/[0-7]/.test(kind)) throw this.#fault(`\\${kind} is no escape`, at)
    if (size === undefined) this.#at--
    const digits = this.#text.slice(this.#at, this.#at + (size ?? 3))
    if (!(size === undefined ? /^[0-7]{3}$/ : /^[0-9a-fA-F]+$/).test(digits) || digits.length !== (size ?? 3))
      throw this.#fault('an escape is incomplete', at)
    this.#at += digits.length
    const code = parseInt(digits, size === undefined ? 8 : 16)
    if (kind === 'u' || kind === 'U') {
      if (code > 0x10_ffff || (code >= 0xd800 && code < 0xe000)) throw this.#fault('an escape is no character', at)
      return String.fromCodePoint(code)
    }
    if (code > 0xff) throw this.#fault('an escape is no byte', at)
    return this.#bytes(code)
  }

  /** \x and octal escapes stand for bytes; several in a row may be one character of UTF-8. */
  #bytes(first: number): string {
    const bytes = [first]
    for (;;) {
      const next = /^\\(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2}))/.exec(this.#text.slice(this.#at, this.#at + 4))
      if (!next) return Buffer.from(bytes).toString('utf8')
      bytes.push(next[1] === undefined ? parseInt(next[2]!, 8) : parseInt(next[1], 16))
      this.#at += next[0].length
    }
  }

  #expect(token: string): void {
    this.#match(SPACE)
    if (!this.#take(token)) throw this.#fault(`expected ${token}`)
  }

  /** Passes over a token, and over space behind it unless a value begins there. */
  #take(token: string, isSpaceFree = true): boolean {
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    if (isSpaceFree) this.#match(SPACE)
    return true
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #fault(what: string, at = this.#at): LabelSetError {
    const found =
      at < this.#text.length ? `, found ${JSON.stringify(this.#text.slice(at, at + 10))}` : ', found the end'
    return new LabelSetError(`its labels cannot be read: ${what} at character ${at + 1}${found}`)
  }
}
