import type { LabelMatcher } from '@nines/contracts'

/** The selector at the heart of a query, and whether the query is no more than that: no sum, rate or increase of it. */
export interface SelectedSeries {
  metric: string
  matchers: LabelMatcher[]
  isBare: boolean
}

/** A query that is more than a selector, with what stands in the way. */
export class BeyondSelector extends Error {}

const NAME = /[A-Za-z_:][A-Za-z0-9_:]*/y
const LABEL = /[A-Za-z_][A-Za-z0-9_]*/y
const OPERATOR = /=~|!~|!=|=/y
const SPACE = /(?:\s|#[^\n]*)*/y
/** What "nothing yet" means there; Nines counts nothing as no events anyway. */
const OR_ZERO = /or\s+(?:on\s*\(\s*\)\s*)?vector\s*\(\s*0\s*\)/y
const QUOTED = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y
/** A range as Prometheus, Sloth (`{{.window}}`) and dashboards (`$__interval`) write it. */
const RANGE = /\[([^\]]*)\]/y

/**
 * Reads the part of PromQL in which SLO files select events: `metric{label="v"}`, its `rate` or `increase`, `sum` of those,
 * parentheses, `or vector(0)`. Anything else is refused with the reason.
 */
export class QueryParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): SelectedSeries {
    const series = this.#expression()
    this.#take(SPACE)
    if (this.#at < this.#text.length) this.#refuseRest()
    return series
  }

  #expression(): SelectedSeries {
    const series = this.#operand()
    this.#take(SPACE)
    this.#take(OR_ZERO)
    this.#take(SPACE)
    return series
  }

  #operand(): SelectedSeries {
    this.#take(SPACE)
    if (this.#skip('(')) return this.#closed(() => this.#expression())
    if (this.#text[this.#at] === '{') return this.#selector('')
    const name = this.#take(NAME)
    if (name === undefined) throw new BeyondSelector('does not start with a metric or a function')
    this.#take(SPACE)
    if (name === 'sum') return this.#sum()
    if (this.#text[this.#at] !== '(') return this.#selector(name)
    if (name !== 'rate' && name !== 'increase')
      throw new BeyondSelector(`uses ${name}(), of which Nines reads only sum, rate and increase`)
    this.#skip('(')
    const series = this.#closed(() => this.#ranged())
    return { ...series, isBare: false }
  }

  #sum(): SelectedSeries {
    this.#refuseGrouping()
    if (!this.#skip('(')) throw new BeyondSelector('lacks "(" after sum')
    const series = this.#closed(() => this.#expression())
    this.#take(SPACE)
    this.#refuseGrouping()
    return { ...series, isBare: false }
  }

  #refuseGrouping(): void {
    const grouping = this.#take(/(?:by|without)\s*\(([^)]*)\)\s*/y)
    if (grouping === undefined || /^by\s*\(\s*\)/.test(grouping)) return
    throw new BeyondSelector(`groups (${grouping.trim()}): an SLI for each group is not there yet`)
  }

  #ranged(): SelectedSeries {
    this.#take(SPACE)
    const name = this.#text[this.#at] === '{' ? '' : this.#take(NAME)
    if (name === undefined) throw new BeyondSelector('takes the rate of something other than a metric')
    const series = this.#selector(name)
    const range = this.#take(RANGE)
    if (range === undefined) throw new BeyondSelector('lacks a range such as [5m]')
    if (range.includes(':') && !range.includes('{{')) throw new BeyondSelector('uses a subquery')
    return series
  }

  #selector(name: string): SelectedSeries {
    this.#take(SPACE)
    const matchers = this.#skip('{') ? this.#matchers() : []
    this.#take(SPACE)
    const named = matchers.find((matcher) => matcher.label === '__name__')
    const rest = matchers.filter((matcher) => matcher !== named)
    if (named !== undefined && named.op !== '=') throw new BeyondSelector('selects metrics by an expression')
    const metric = name === '' ? (named?.value ?? '') : name
    if (metric === '') throw new BeyondSelector('names no metric')
    if (/^(?:offset\b|@)/.test(this.#text.slice(this.#at))) throw new BeyondSelector('looks at another time')
    return { metric, matchers: rest, isBare: true }
  }

  #matchers(): LabelMatcher[] {
    const matchers: LabelMatcher[] = []
    for (;;) {
      this.#take(SPACE)
      if (this.#skip('}')) return matchers
      const label = this.#take(LABEL) ?? unquoted(this.#take(QUOTED))
      this.#take(SPACE)
      const op = this.#take(OPERATOR) as LabelMatcher['op'] | undefined
      this.#take(SPACE)
      const value = unquoted(this.#take(QUOTED))
      if (label === undefined || op === undefined || value === undefined)
        throw new BeyondSelector(`cannot be read at character ${this.#at + 1}: expected label="value"`)
      matchers.push({ label, op, value })
      this.#take(SPACE)
      if (!this.#skip(',') && this.#text[this.#at] !== '}')
        throw new BeyondSelector(`cannot be read at character ${this.#at + 1}: expected "," or "}"`)
    }
  }

  /** What stands between parentheses, the closing one taken. */
  #closed(read: () => SelectedSeries): SelectedSeries {
    const series = read()
    this.#take(SPACE)
    if (!this.#skip(')')) this.#refuseRest()
    return series
  }

  #refuseRest(): never {
    const rest = this.#text.slice(this.#at)
    const operator = /^(?:[-+*/%^]|[=!<>]=?|and\b|or\b|unless\b)/.exec(rest)?.[0]
    if (operator !== undefined) throw new BeyondSelector(`combines series with "${operator}"`)
    if (rest.startsWith('[')) throw new BeyondSelector('has a range outside rate() or increase()')
    throw new BeyondSelector(`cannot be read at character ${this.#at + 1}`)
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  /** What a sticky expression finds here. */
  #take(expression: RegExp): string | undefined {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#text)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

function unquoted(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const inner = text.slice(1, -1)
  return text.startsWith('`') ? inner : inner.replace(/\\(.)/g, (_all, char: string) => ESCAPES[char] ?? char)
}
