/**
 * OTLP's severity numbers by the words that loggers use for levels, after OpenTelemetry's mapping of other formats.
 * https://opentelemetry.io/docs/specs/otel/logs/data-model-appendix/#appendix-b-severitynumber-example-mappings
 */
const SEVERITIES: Record<string, number> = {
  trace: 1,
  trc: 1,
  finest: 1,
  debug: 5,
  dbug: 5,
  dbg: 5,
  info: 9,
  inf: 9,
  information: 9,
  informational: 9,
  notice: 10,
  warn: 13,
  wrn: 13,
  warning: 13,
  err: 17,
  error: 17,
  eror: 17,
  critical: 18,
  crit: 18,
  alert: 19,
  fatal: 21,
  panic: 21,
  emerg: 21,
  emergency: 21,
}
const LONGEST = 13

/** The severity number of a level in any case, 0 when the word is none. */
export function severityOfLevel(level: string): number {
  if (level.length > LONGEST) return 0
  const word = level.trim().toLowerCase()
  return Object.hasOwn(SEVERITIES, word) ? SEVERITIES[word]! : 0
}
