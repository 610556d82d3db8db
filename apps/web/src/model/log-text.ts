import type { LogRecordDto } from '@nines/contracts'

const LONGEST_LINE = 600

/** The body on one line, for a list; where it is empty, the event's name. */
export function logLine({ body, eventName }: Pick<LogRecordDto, 'body' | 'eventName'>): string {
  const line = body.slice(0, LONGEST_LINE).replace(/\s+/g, ' ').trim()
  return line === '' ? eventName : line
}

/** The body as it is best read: JSON indented (also JSON that was sent as text), anything else as it came. */
export function prettyBody({ body, bodyIsJson }: Pick<LogRecordDto, 'body' | 'bodyIsJson'>): string {
  if (!bodyIsJson && !/^\s*[{[]/.test(body)) return body
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

/** Tells a record from others on a page; records that are alike in all of this are one to a reader. */
export function logKey({ at, service, severityNumber, traceId, spanId, body }: LogRecordDto): string {
  return [at, service, severityNumber, traceId, spanId, body].join('\n')
}
