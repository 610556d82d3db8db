import type { Exemplar, ExposedSample, MetricFamily, MetricType } from './exposition.ts'
import { MetricFamilies, withCreated } from './metric-families.ts'
import { readSeconds, readValue } from './read-number.ts'
import { readLabels, readSeries } from './read-series.ts'
import { SeriesMemo } from './series-memo.ts'
import { TextCursor, unescapeText } from './text-cursor.ts'

const TYPES: ReadonlySet<string> = new Set<MetricType>([
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
])

/**
 * Reads OpenMetrics 1.0. Throws ExpositionError at the first line that does not follow it, or when `# EOF` is missing,
 * which is how a text tells that it was not cut off.
 */
export function parseOpenMetrics(text: string, memo = new SeriesMemo()): ExposedSample[] {
  memo.turn()
  const cursor = new TextCursor(text)
  const families = new MetricFamilies()
  const described = new Set<string>()
  const samples: ExposedSample[] = []
  while (!cursor.accept('# EOF')) {
    if (cursor.atEnd) cursor.fail('the text ends without "# EOF"')
    if (cursor.accept('# ')) readDescription(cursor, families, described)
    else samples.push(readSample(cursor, memo))
    if (cursor.atEnd) cursor.fail('the text ends without "# EOF"')
    cursor.nextLine()
  }
  cursor.nextLine()
  if (!cursor.atEnd) cursor.fail('there is text after "# EOF"')
  families.assign(samples)
  return withCreated(samples)
}

function readSample(cursor: TextCursor, memo: SeriesMemo): ExposedSample {
  const { name, labels } = readSeries(cursor, false, memo)
  cursor.expect(' ')
  const value = readValue(cursor)
  let timestampMs: number | null = null
  let exemplar: Exemplar | null = null
  if (cursor.accept(' # ')) exemplar = readExemplar(cursor)
  else if (cursor.accept(' ')) {
    timestampMs = readSeconds(cursor)
    if (cursor.accept(' # ')) exemplar = readExemplar(cursor)
  }
  return { name, labels, value, timestampMs, exemplar, family: null, createdMs: null }
}

function readExemplar(cursor: TextCursor): Exemplar {
  const labels = readLabels(cursor)
  cursor.expect(' ')
  const value = readValue(cursor)
  return { labels, value, timestampMs: cursor.accept(' ') ? readSeconds(cursor) : null }
}

function readDescription(cursor: TextCursor, families: MetricFamilies, described: Set<string>): void {
  const start = cursor.position
  const keyword = cursor.word()
  if (keyword !== 'TYPE' && keyword !== 'HELP' && keyword !== 'UNIT')
    cursor.fail(`expected TYPE, HELP, UNIT or EOF, found ${JSON.stringify(keyword)}`, start)
  cursor.expect(' ')
  const family = families.named(cursor.atQuote ? cursor.quoted() : cursor.metricName())
  const key = `${keyword} ${family.name}`
  if (described.has(key)) cursor.fail(`a second ${keyword} of ${JSON.stringify(family.name)}`, start)
  described.add(key)
  // An empty text or unit may come without the blank before it.
  if (!cursor.accept(' ') && !cursor.atLineEnd) cursor.fail(`expected " ", found ${cursor.found()}`)
  if (keyword === 'HELP') family.help = unescapeText(cursor.restOfLine())
  else if (keyword === 'TYPE') family.type = readType(cursor)
  else family.unit = readUnit(cursor, family)
}

function readType(cursor: TextCursor): MetricType {
  const start = cursor.position
  const type = cursor.restOfLine()
  return isType(type) ? type : cursor.fail(`unknown type ${JSON.stringify(type)}`, start)
}

function readUnit(cursor: TextCursor, { name }: MetricFamily): string {
  const start = cursor.position
  const unit = cursor.restOfLine()
  if (unit !== '' && !name.endsWith(`_${unit}`))
    cursor.fail(`the name ${JSON.stringify(name)} does not end with the unit ${JSON.stringify(unit)}`, start)
  return unit
}

function isType(text: string): text is MetricType {
  return TYPES.has(text)
}
