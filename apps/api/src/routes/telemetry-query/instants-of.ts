import { NinesError } from '@nines/kernel'
import { MAX_INSTANTS, type Grid } from '@nines/telemetry'

type When = { at: string } | { from: string; to: string; stepSeconds: number }

/** The instants that a request means. Throws `invalid` for a span that ends before it begins or has too many of them. */
export function instantsOf(when: When): Grid {
  if ('at' in when) return { from: Date.parse(when.at), step: 0, count: 1 }
  const { from, to } = spanOf(when)
  const step = Math.max(1, Math.round(when.stepSeconds * 1000))
  const count = Math.floor((to - from) / step) + 1
  if (count > MAX_INSTANTS)
    throw invalid('body/stepSeconds', `${count} instants are more than ${MAX_INSTANTS}: take a longer step`)
  return { from, step, count }
}

/** Epoch ms. Throws `invalid` where `to` is not later than `from`. */
export function spanOf(span: { from: string; to: string }, place = 'body'): { from: number; to: number } {
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)]
  if (!(from < to)) throw invalid(`${place}/to`, 'must be later than `from`')
  return { from, to }
}

/** The span of a query whose ends may be left out: up to now, from `lengthMs` before. */
export function recentSpan(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  lengthMs: number,
): { from: number; to: number } {
  const end = to === undefined ? Date.now() : Date.parse(to)
  const begin = from === undefined ? end - lengthMs : Date.parse(from)
  if (!(begin < end)) throw invalid('query/to', 'must be later than `from`')
  return { from: begin, to: end }
}

function invalid(path: string, message: string): NinesError {
  return new NinesError('invalid', `${path}: ${message}`, { issues: [{ path, message }] })
}
