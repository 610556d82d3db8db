import { closeSync, openSync, readSync, statSync } from 'node:fs'

const INTERVAL_MS = 500
const CHUNK_BYTES = 64 * 1024
/** pino's number for warnings; errors and fatal ones are above. */
const WARN = 40
/** Of one process in one look; the rest is counted. */
const SHOWN_AT_ONCE = 3

/** Follows the logs of child processes and hands on their warnings and errors in brief. */
export class LogWatcher {
  readonly #logs: { name: string; file: string; offset: number; rest: string }[] = []
  readonly #show: (line: string) => void
  readonly #timer: NodeJS.Timeout

  constructor(show: (line: string) => void) {
    this.#show = show
    this.#timer = setInterval(() => this.look(), INTERVAL_MS)
    this.#timer.unref()
  }

  /** Follows a log from its present end. */
  follow(name: string, file: string): void {
    this.#logs.push({ name, file, offset: sizeOf(file), rest: '' })
  }

  stop(): void {
    clearInterval(this.#timer)
    this.look()
  }

  /** Reads what has been appended since the last look. */
  look(): void {
    for (const log of this.#logs) {
      const size = sizeOf(log.file)
      if (size < log.offset) log.offset = 0 // rotated
      if (size === log.offset) continue
      const { text, end } = readFrom(log.file, log.offset)
      log.offset = end
      const lines = (log.rest + text).split('\n')
      log.rest = lines.pop() ?? ''
      this.#showBriefly(log.name, log.file, lines)
    }
  }

  #showBriefly(name: string, file: string, lines: string[]): void {
    const warnings = lines.flatMap((line) => briefWarning(line) ?? [])
    for (const warning of warnings.slice(0, SHOWN_AT_ONCE)) this.#show(`${name}: ${warning}`)
    if (warnings.length > SHOWN_AT_ONCE) this.#show(`${name}: ${warnings.length - SHOWN_AT_ONCE} more in ${file}`)
  }
}

/** The message of a JSON log line at level warn or above, with its error if it names one; undefined for all others. */
export function briefWarning(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined
  try {
    const entry = JSON.parse(line) as { level?: number; msg?: string; error?: string; err?: { message?: string } }
    if ((entry.level ?? 0) < WARN) return undefined
    const detail = entry.error ?? entry.err?.message
    return [entry.msg, detail].filter(Boolean).join(': ')
  } catch {
    return undefined
  }
}

const sizeOf = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0

function readFrom(file: string, offset: number): { text: string; end: number } {
  const fd = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(CHUNK_BYTES)
    const read = readSync(fd, buffer, 0, CHUNK_BYTES, offset)
    return { text: buffer.toString('utf8', 0, read), end: offset + read }
  } finally {
    closeSync(fd)
  }
}
