import type { LogRecord, LogsNormaliser } from '../otlp/logs-normaliser.ts'
import { severityOfLevel } from '../severity-of-level.ts'
import { LEVEL_WITHIN_BYTES, levelInLine } from './level-in-line.ts'
import { parseLabelSet } from './parse-label-set.ts'

/** Labels that name a service, the best first: Loki's own list (`discover_service_name`). */
const SERVICE_LABELS = [
  'service_name',
  'service',
  'app',
  'application',
  'name',
  'app_kubernetes_io_name',
  'container',
  'container_name',
  'k8s_container_name',
  'component',
  'workload',
  'job',
  'k8s_job_name',
]
/** Names of labels and metadata that hold a level, without case: Loki's own list (`log_level_fields`). */
const LEVEL_NAMES = new Set(['level', 'log.level', 'severity', 'severitytext', 'severity_text', 'lvl'])
/** What Loki itself found in the line: worth less than what the sender said. */
const DETECTED_LEVEL = 'detected_level'
const SEVERITY_NUMBER = 'severity_number'
const TRACE_NAMES = new Set(['trace_id', 'traceid'])
const SPAN_NAMES = new Set(['span_id', 'spanid'])
const LONGEST_NAME = 15
const MAX_NAMED = 100
const NOTHING = Buffer.alloc(0)

/**
 * Turns streams and entries of a Loki push into log records. Labels become the resource; structured metadata become
 * attributes, of which level and ids of trace and span are known by their names.
 */
export class LokiStream {
  readonly #normaliser: LogsNormaliser
  /** Why no entry of the stream can be kept. */
  #fault = ''
  #name = ''
  #level = ''
  #hasLevel = false

  constructor(normaliser: LogsNormaliser) {
    this.#normaliser = normaliser
  }

  /** Begins a stream whose labels are written as a selector. */
  beginText(labels: string): void {
    const parsed = parseLabelSet(labels)
    if (typeof parsed !== 'string') return this.begin(parsed)
    this.begin(new Map(), labels)
    this.#fault = parsed
  }

  begin(labels: ReadonlyMap<string, string>, text?: string): void {
    const { source } = this.#normaliser
    source.begin(NOTHING)
    this.#level = ''
    for (const [name, value] of labels) {
      source.attributes.keyText(name)
      source.attributes.valueText(value)
      source.attributes.add()
      if (isLevelName(name) || (this.#level === '' && name === DETECTED_LEVEL)) this.#level = value
    }
    const service = SERVICE_LABELS.find((name) => labels.has(name))
    source.endResource(service === undefined ? '' : labels.get(service))
    source.begin(NOTHING)
    source.endScope()
    this.#fault = text === undefined && labels.size === 0 ? 'it has no labels' : ''
    const name = text ?? selectorOf(labels)
    this.#name = `stream ${name.length > MAX_NAMED ? `${name.slice(0, MAX_NAMED)}...` : name}`
  }

  /** Starts an entry whose places refer to these bytes; answers the record to fill. */
  beginEntry(bytes: Buffer): LogRecord {
    const { record } = this.#normaliser
    record.begin(bytes)
    this.#hasLevel = false
    if (this.#level !== '') this.#setLevel(this.#level)
    return record
  }

  /** Whether `recognise` may know a name of so many bytes that begins with this byte, at no cost for the others. */
  mayKnow(size: number, first: number): boolean {
    if (size > LONGEST_NAME || size < 3) return false
    const letter = first | 0x20
    return letter === 0x6c || letter === 0x73 || letter === 0x74 || letter === 0x64
  }

  /** Takes from a pair of structured metadata what has a column of its own. */
  recognise(name: string, value: string): void {
    const { record } = this.#normaliser
    const lower = name.toLowerCase()
    if (isLevelName(lower)) {
      this.#setLevel(value)
      this.#hasLevel = true
    } else if (lower === DETECTED_LEVEL) {
      if (!this.#hasLevel && this.#level === '') this.#setLevel(value)
    } else if (lower === SEVERITY_NUMBER) {
      if (/^\d{1,2}$/.test(value)) record.severityNumber = Number(value)
    } else if (TRACE_NAMES.has(lower)) {
      // Ids of 64 bits are written without the leading zeros.
      if (/^([0-9a-f]{32}|[0-9a-f]{16})$/i.test(value)) record.traceId.setHex(value.padStart(32, '0'))
    } else if (SPAN_NAMES.has(lower) && /^[0-9a-f]{16}$/i.test(value)) record.spanId.setHex(value)
  }

  /** Hands the entry over. */
  endEntry(): void {
    if (this.#fault) return this.#normaliser.reject(this.#fault, this.#name)
    const { record } = this.#normaliser
    // What is found in the line is a number alone: the text is the sender's.
    if (record.severityNumber === 0 && record.severityText.size === 0)
      record.severityNumber = levelInLine(record.body.head(LEVEL_WITHIN_BYTES))
    this.#normaliser.add(this.#name)
  }

  /** Counts the entry as rejected. */
  rejectEntry(reason: string): void {
    this.#normaliser.reject(this.#fault || reason, this.#name)
  }

  #setLevel(level: string): void {
    const { record } = this.#normaliser
    record.severityText.setText(level)
    record.severityNumber = severityOfLevel(level)
  }
}

function isLevelName(name: string): boolean {
  return LEVEL_NAMES.has(name.toLowerCase())
}

function selectorOf(labels: ReadonlyMap<string, string>): string {
  return `{${Array.from(labels, ([name, value]) => `${name}=${JSON.stringify(value)}`).join(', ')}}`
}
