import type { Label } from './exposition.ts'
import type { ReadSeries, SeriesMemo } from './series-memo.ts'
import type { TextCursor } from './text-cursor.ts'

const LINE_END = 10
const TAB = 9
const BLANK = 32
const QUOTE = 34
const BACKSLASH = 92
const OPEN = 123
const CLOSE = 125

/**
 * A metric's name and labels, `name{a="b"}` or, with any characters in the name, `{"name",a="b"}`. Blanks inside the
 * braces are passed over where `blanks` says so (text format; OpenMetrics has none). What the memo knows is not read
 * again.
 */
export function readSeries(cursor: TextCursor, blanks: boolean, memo: SeriesMemo): ReadSeries {
  const start = cursor.position
  const end = seriesEnd(cursor.text, start)
  const raw = cursor.text.slice(start, end)
  const known = memo.recall(raw)
  if (known) {
    cursor.position = end
    return known
  }
  const series = readAnew(cursor, blanks)
  return cursor.position === end ? memo.remember(raw, series) : series
}

/** Where the series that begins at `start` ends, if it is one: after its braces, or before what follows its name. */
function seriesEnd(text: string, start: number): number {
  let end = start
  while (end < text.length) {
    const code = text.charCodeAt(end)
    if (code === OPEN) return bracesEnd(text, end + 1)
    if (code === BLANK || code === TAB || code === LINE_END) break
    end++
  }
  let next = end
  while (text.charCodeAt(next) === BLANK || text.charCodeAt(next) === TAB) next++
  return text.charCodeAt(next) === OPEN ? bracesEnd(text, next + 1) : end
}

function bracesEnd(text: string, start: number): number {
  let isQuoted = false
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === LINE_END) return i
    if (code === QUOTE) isQuoted = !isQuoted
    else if (isQuoted && code === BACKSLASH) i++
    else if (!isQuoted && code === CLOSE) return i + 1
  }
  return text.length
}

function readAnew(cursor: TextCursor, blanks: boolean): ReadSeries {
  const start = cursor.position
  if (cursor.text.startsWith('{', start)) {
    const { name, labels } = readBraces(cursor, blanks, true)
    return { name: name ?? cursor.fail('the braces hold no metric name', start), labels }
  }
  const name = cursor.metricName()
  const before = cursor.position
  if (blanks) cursor.blanks()
  if (cursor.text.startsWith('{', cursor.position)) return { name, labels: readBraces(cursor, blanks, false).labels }
  cursor.position = before
  return { name, labels: [] }
}

/** Labels in braces, without a name among them. */
export function readLabels(cursor: TextCursor): Label[] {
  return readBraces(cursor, false, false).labels
}

function readBraces(cursor: TextCursor, blanks: boolean, mayName: boolean): { name: string | null; labels: Label[] } {
  const skip = (): void => void (blanks && cursor.blanks())
  let name: string | null = null
  const labels: Label[] = []
  cursor.expect('{')
  skip()
  while (!cursor.accept('}')) {
    const start = cursor.position
    const isQuoted = cursor.atQuote
    const key = isQuoted ? cursor.quoted() : cursor.labelName()
    skip()
    if (isQuoted && mayName && name === null && !cursor.text.startsWith('=', cursor.position)) {
      name = key === '' ? cursor.fail('the metric name is empty', start) : key
    } else {
      cursor.expect('=')
      skip()
      if (key === '') cursor.fail('the label name is empty', start)
      if (key === '__name__' || labels.some(([other]) => other === key))
        cursor.fail(`the label ${JSON.stringify(key)} is there twice`, start)
      labels.push([key, cursor.quoted()])
    }
    skip()
    if (cursor.accept(',')) skip()
    else if (!cursor.text.startsWith('}', cursor.position)) cursor.fail(`expected "," or "}", found ${cursor.found()}`)
  }
  return { name, labels }
}
