import type { Label } from './exposition.ts'
import type { TextCursor } from './text-cursor.ts'

export interface ReadSeries {
  name: string
  labels: Label[]
}

/**
 * A metric's name and labels, `name{a="b"}` or, with any characters in the name, `{"name",a="b"}`. Blanks inside the
 * braces are passed over where `blanks` says so (text format; OpenMetrics has none).
 */
export function readSeries(cursor: TextCursor, blanks: boolean): ReadSeries {
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
