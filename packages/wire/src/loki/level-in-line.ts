import { severityOfLevel } from '../severity-of-level.ts'

/** Of a line, as much as is looked at: loggers write the level near its beginning. */
export const LEVEL_WITHIN_BYTES = 512

/** `level=warn`, `"level":"warn"` and the other names that Loki knows. */
const NAMED =
  /(?:^|[\s{,;("'|])["']?(?:level|lvl|log\.level|severity(?:_?text)?)["']?\s*[=:]\s*["']?([a-z]+|\d0(?!\d))/gi
/** `E1126 17:02:11.123456`, as Kubernetes' components write. */
const KLOG = /^([IWEF])\d{4} \d\d:/
/** A level in capitals, or as `[warn]` and `warn:`. */
const WORD =
  /\b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERR|ERROR|CRIT|CRITICAL|ALERT|EMERG|FATAL|PANIC)\b|\b(?:trace|debug|info|notice|warn|warning|err|error|crit|critical|alert|emerg|fatal|panic)(?=[\]:])/

const KLOG_SEVERITIES: Record<string, number> = { I: 9, W: 13, E: 17, F: 21 }
/** Levels of bunyan and pino. */
const NUMBERS: Record<string, number> = { 10: 1, 20: 5, 30: 9, 40: 13, 50: 17, 60: 21 }

/**
 * OTLP's severity number of a line's level, 0 when it shows none: what Loki calls `detected_level`. More careful than
 * Loki, for which every line with the letters `info` in it is one of information.
 */
export function levelInLine(line: string): number {
  for (const [, value = ''] of line.matchAll(NAMED)) {
    const severity = NUMBERS[value] ?? severityOfLevel(value)
    if (severity > 0) return severity
  }
  const klog = KLOG.exec(line)?.[1]
  if (klog) return KLOG_SEVERITIES[klog]!
  const word = WORD.exec(line)?.[0]
  return word === undefined ? 0 : severityOfLevel(word)
}
