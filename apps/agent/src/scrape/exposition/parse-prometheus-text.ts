import type { ExposedSample, MetricType } from './exposition.ts'
import { MetricFamilies } from './metric-families.ts'
import { readMilliseconds, readValue } from './read-number.ts'
import { readSeries } from './read-series.ts'
import { SeriesMemo } from './series-memo.ts'
import { TextCursor } from './text-cursor.ts'

const TYPES: Record<string, MetricType> = {
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
  summary: 'summary',
  untyped: 'unknown',
  unknown: 'unknown',
}

/** Reads Prometheus' text format 0.0.4. Throws ExpositionError at the first line that does not follow it. */
export function parsePrometheusText(text: string, memo = new SeriesMemo()): ExposedSample[] {
  memo.turn()
  const cursor = new TextCursor(text)
  const families = new MetricFamilies()
  const samples: ExposedSample[] = []
  while (!cursor.atEnd) {
    cursor.blanks()
    if (cursor.accept('#')) readComment(cursor, families)
    else if (!cursor.atLineEnd) samples.push(readSample(cursor, memo))
    cursor.nextLine()
  }
  families.assign(samples)
  return samples
}

function readSample(cursor: TextCursor, memo: SeriesMemo): ExposedSample {
  const { name, labels } = readSeries(cursor, true, memo)
  if (!cursor.blanks() && !cursor.text.startsWith('}', cursor.position - 1))
    cursor.fail(`expected a blank after the metric name, found ${cursor.found()}`)
  const value = readValue(cursor)
  cursor.blanks()
  const timestampMs = cursor.atLineEnd ? null : readMilliseconds(cursor)
  cursor.blanks()
  return { name, labels, value, timestampMs, exemplar: null, family: null, createdMs: null }
}

/** A comment that begins with HELP or TYPE says something; any other is passed over. */
function readComment(cursor: TextCursor, families: MetricFamilies): void {
  const isMeta = cursor.blanks()
  const word = isMeta ? cursor.word() : ''
  if (word !== 'HELP' && word !== 'TYPE') return void cursor.restOfLine()
  cursor.blanks()
  const family = families.named(cursor.atQuote ? cursor.quoted() : cursor.metricName())
  if (!cursor.blanks() && !cursor.atLineEnd)
    cursor.fail(`expected a blank after the metric name, found ${cursor.found()}`)
  if (word === 'HELP') {
    family.help = unescapeHelp(cursor.restOfLine())
    return
  }
  const start = cursor.position
  const type = cursor.word()
  family.type =
    (Object.hasOwn(TYPES, type) ? TYPES[type] : undefined) ?? cursor.fail(`unknown type ${JSON.stringify(type)}`, start)
  cursor.blanks()
}

/** Help knows no escaped quote: \" stays as it is. */
function unescapeHelp(raw: string): string {
  return raw.replace(/\\([\\n])/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
}
