/** Classes of severity as the API counts them, by OTLP's numbers: four a class; `unset` is 0. */
export const SEVERITIES = ['unset', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogSeverity = (typeof SEVERITIES)[number]

interface Look {
  label: string
  /** Short form of five letters at most, for a column. */
  short: string
  tone: 'bad' | 'warn' | 'info' | 'idle'
  /** Colour of its share of a bar. */
  colour: string
}

export const SEVERITY_LOOKS: Record<LogSeverity, Look> = {
  fatal: { label: 'Fatal', short: 'FATAL', tone: 'bad', colour: 'var(--log-fatal)' },
  error: { label: 'Error', short: 'ERROR', tone: 'bad', colour: 'var(--log-error)' },
  warn: { label: 'Warning', short: 'WARN', tone: 'warn', colour: 'var(--log-warn)' },
  info: { label: 'Info', short: 'INFO', tone: 'info', colour: 'var(--log-info)' },
  debug: { label: 'Debug', short: 'DEBUG', tone: 'idle', colour: 'var(--log-debug)' },
  trace: { label: 'Trace', short: 'TRACE', tone: 'idle', colour: 'var(--log-trace)' },
  unset: { label: 'No severity', short: '–', tone: 'idle', colour: 'var(--log-unset)' },
}

export function severityOf(severityNumber: number): LogSeverity {
  return SEVERITIES[Math.min(6, Math.floor((severityNumber + 3) / 4))] ?? 'unset'
}

/** The lowest number of a class, to ask for it and what is worse. */
export function lowestNumber(severity: LogSeverity): number {
  const index = SEVERITIES.indexOf(severity)
  return index === 0 ? 0 : index * 4 - 3
}
