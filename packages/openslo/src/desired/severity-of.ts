import type { Severity } from '@nines/contracts'

const CRITICAL = /^(?:page|pager|paging|critical|crit|high|urgent|emergency|fatal|sev-?[01]|p[01]|1)$/i
const INFO = /^(?:info|information|informational|low|notice|debug|none|sev-?[45]|p[45]|[45])$/i

/** The severity of a name that each company chooses for itself; in doubt a warning, which pages nobody. */
export function severityOf(name: string): Severity {
  if (CRITICAL.test(name.trim())) return 'critical'
  return INFO.test(name.trim()) ? 'info' : 'warning'
}
