import type { HttpAssertion } from '@nines/contracts'

/** What assertions judge: the final answer, after redirects. */
export interface CheckedAnswer {
  statusCode: number
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  /** The start of the body; `bodyTruncated` tells that there was more. */
  body: string
  bodyTruncated: boolean
  durationMs: number
}

/** Why the answer does not satisfy the assertion, for a person; null when it does. */
export function assertionFailure(assertion: HttpAssertion, answer: CheckedAnswer): string | null {
  switch (assertion.on) {
    case 'status':
      return statusFailure(assertion, answer.statusCode)
    case 'body':
      return bodyFailure(assertion, answer)
    case 'header':
      return headerFailure(assertion, answer.headers[assertion.name.toLowerCase()])
    case 'duration_ms':
      return durationFailure(assertion, answer.durationMs)
    default:
      return assertion satisfies never
  }
}

type AssertionOn<T extends HttpAssertion['on']> = Extract<HttpAssertion, { on: T }>

function statusFailure({ op, value }: AssertionOn<'status'>, status: number): string | null {
  const holds = op === 'equals' ? status === value : Math.floor(status / 100) === value
  return holds ? null : `status ${status}, expected ${op === 'equals' ? value : `${value}xx`}`
}

function durationFailure({ value }: AssertionOn<'duration_ms'>, durationMs: number): string | null {
  return durationMs < value ? null : `took ${durationMs.toFixed(1)} ms, expected less than ${value} ms`
}

/** What lies behind the part that was read is unknown, so neither operator can pass by it. */
function bodyFailure({ op, value }: AssertionOn<'body'>, answer: CheckedAnswer): string | null {
  const found = answer.body.includes(value)
  if (op === 'contains') {
    if (found) return null
    return `body does not contain ${quoted(value)}${answer.bodyTruncated ? ' in its first MiB' : ''}`
  }
  if (found) return `body contains ${quoted(value)}`
  return answer.bodyTruncated ? `body is longer than 1 MiB, the rest was not searched for ${quoted(value)}` : null
}

function headerFailure({ name, op, value }: AssertionOn<'header'>, actual: string | undefined): string | null {
  if (actual === undefined) return `header ${name} is missing`
  const holds = op === 'equals' ? actual === value : actual.includes(value)
  return holds
    ? null
    : `header ${name} is ${quoted(actual)}, expected ${op === 'equals' ? '' : 'to contain '}${quoted(value)}`
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
