import { parseTags, sortedTags } from './parse-tags.ts'
import type { Malformation, StatsdMessage, StatsdType } from './statsd-message.ts'

const TYPES: ReadonlySet<string> = new Set<StatsdType>(['c', 'g', 's', 'ms', 'h', 'd'])
/** No hexadecimal, no Infinity, no NaN: a sum that has taken one never recovers. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const DIGITS = /^\d{1,15}$/
const CONTAINER_LABEL = 'container.id'

/**
 * Reads one line, without its newline: `name:value[:value…]|type[|@rate][|#tag,k:v][|c:container][|Tunix seconds]`.
 * Never throws. Sections it does not know are passed over, as the DogStatsD protocol (1.0 to 1.6) adds some with time.
 */
export function parseStatsdLine(line: string): StatsdMessage {
  if (line.startsWith('_e{')) return { kind: 'ignored', what: 'event' }
  if (line.startsWith('_sc|')) return { kind: 'ignored', what: 'service_check' }
  // The decoder puts it where bytes are no UTF-8.
  if (line.includes('\uFFFD')) return malformed('not_utf8')
  const bar = line.indexOf('|')
  const head = bar < 0 ? line : line.slice(0, bar)
  const colon = head.indexOf(':')
  const name = colon < 0 ? head : head.slice(0, colon)
  if (name.trim() === '') return malformed('empty_name')
  if (colon < 0 || colon === head.length - 1) return malformed('no_value')
  if (bar < 0) return malformed('no_type')
  const [type = '', ...sections] = line.slice(bar + 1).split('|')
  if (type === '') return malformed('no_type')
  if (!isType(type)) return malformed('unknown_type')

  const options = parseSections(sections)
  if (typeof options === 'string') return malformed(options)
  const text = head.slice(colon + 1)
  // A set's member may hold colons, so sets know no packing.
  if (type === 's') return { kind: 'metric', name, type, values: [], relative: [], member: text, ...options }
  const texts = text.split(':')
  const values = texts.map((value) => (NUMBER.test(value) ? Number(value) : NaN))
  if (!values.every(Number.isFinite)) return malformed('bad_value')
  const relative = texts.map((value) => type === 'g' && (value.startsWith('+') || value.startsWith('-')))
  return { kind: 'metric', name, type, values, relative, member: '', ...options }
}

interface Sections {
  sampleRate: number
  tags: ReturnType<typeof sortedTags>
  timestamp: number | null
}

function parseSections(sections: readonly string[]): Sections | Malformation {
  let sampleRate = 1
  let timestamp: number | null = null
  let tags = new Map<string, string>()
  let container = ''
  for (const section of sections) {
    if (section.startsWith('@')) {
      sampleRate = NUMBER.test(section.slice(1)) ? Number(section.slice(1)) : NaN
      if (!(sampleRate > 0 && sampleRate <= 1 && Number.isFinite(1 / sampleRate))) return 'bad_sample_rate'
    } else if (section.startsWith('#')) tags = parseTags(section.slice(1))
    else if (section.startsWith('c:')) container = containerId(section.slice(2))
    else if (section.startsWith('T')) {
      if (!DIGITS.test(section.slice(1))) return 'bad_timestamp'
      timestamp = Number(section.slice(1))
    }
  }
  if (container !== '') tags.set(CONTAINER_LABEL, container)
  return { sampleRate, tags: sortedTags(tags), timestamp }
}

/** Senders write the id alone or as `ci-<id>`; `in-<inode>` names a control group, which means nothing elsewhere. */
function containerId(text: string): string {
  if (text.startsWith('in-')) return ''
  return text.startsWith('ci-') ? text.slice(3) : text
}

function isType(text: string): text is StatsdType {
  return TYPES.has(text)
}

function malformed(reason: Malformation): StatsdMessage {
  return { kind: 'malformed', reason }
}
