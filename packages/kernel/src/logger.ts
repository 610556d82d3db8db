import { pino, type Logger } from 'pino'

export type { Logger } from 'pino'

/** Names of fields that must never reach a log line, wherever they stand in the logged object. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'token', 'key', 'x-nines-key']

/** JSON logger of one app. Level from NINES_LOG_LEVEL (default info). */
export function createLogger(app: string, level = process.env.NINES_LOG_LEVEL ?? 'info'): Logger {
  return pino({
    name: app,
    level,
    base: { app, pid: process.pid },
    redact: {
      paths: SECRET_FIELDS.flatMap((f) => [`["${f}"]`, `*["${f}"]`, `*.*["${f}"]`]),
      censor: '[redacted]',
    },
    timestamp: pino.stdTimeFunctions.isoTime,
  })
}
