/** What a schema library says about a value, as far as a person's message depends on it. */
export interface SchemaIssue {
  code: string
  message: string
  origin?: string
  format?: string
  minimum?: number | bigint
  maximum?: number | bigint
}

/** The schema's own words where it has some; instead of a library's default, what to enter. */
export function issueMessage(issue: SchemaIssue): string {
  const { code, origin, format, minimum, maximum } = issue
  if (!/^(Too|Invalid|Expected)/.test(issue.message)) return issue.message
  if (code === 'too_small' && origin === 'number') return `At least ${minimum}`
  if (code === 'too_small') return minimum === 1 ? 'Required' : `At least ${minimum} characters`
  if (code === 'too_big') return origin === 'number' ? `At most ${maximum}` : `At most ${maximum} characters`
  if (code === 'invalid_type') return 'Required'
  if (format === 'url') return 'Enter an address that begins with https:// or http://'
  if (format === 'email') return 'Enter an email address'
  if (format === 'datetime' || format === 'date') return 'Enter a date'
  return issue.message
}
