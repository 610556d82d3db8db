import { writeSync } from 'node:fs'
import { pino, type Logger } from 'pino'

export type { Logger } from 'pino'

/** Names of fields that must never reach a log line, wherever they stand in the logged object. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'token', 'key', 'x-nines-key']

/** JSON logger of one app. Level from NINES_LOG_LEVEL (default info). */
export function createLogger(app: string, level = process.env.NINES_LOG_LEVEL ?? 'info'): Logger {
  const options = {
    name: app,
    level,
    base: { app, pid: process.pid },
    redact: {
      paths: SECRET_FIELDS.flatMap((f) => [`["${f}"]`, `*["${f}"]`, `*.*["${f}"]`]),
      censor: '[redacted]',
    },
    timestamp: pino.stdTimeFunctions.isoTime,
  }
  return pino(options, { write: writeLine })
}

/**
 * On a full disk the line is dropped. Pino's own destination ends the process there, or holds it until there is room: no
 * line is worth that.
 */
function writeLine(line: string): void {
  try {
    writeSync(1, line)
  } catch {
    // There is nowhere left to say so.
  }
}
