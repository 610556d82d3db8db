import { z } from 'zod'

/** How far back a search looks; the value stands in the URL. */
export const lookBack = z.enum(['15m', '1h', '6h', '24h', '7d', '30d'])
export type LookBack = z.infer<typeof lookBack>

const SECONDS: Record<LookBack, number> = {
  '15m': 900,
  '1h': 3600,
  '6h': 21_600,
  '24h': 86_400,
  '7d': 604_800,
  '30d': 2_592_000,
}

const instant = z.iso.datetime({ offset: true })

/** A time range in the URL: a span back from now, or two instants, which win. */
export const spanSearch = z.object({
  range: lookBack.optional().catch(undefined),
  from: instant.optional().catch(undefined),
  to: instant.optional().catch(undefined),
})
export type SpanSearch = z.infer<typeof spanSearch>

/** Epoch ms; `to` is not part of it. */
export interface Span {
  from: number
  to: number
}

/** The range that the URL means at an instant; `fallback` where it names none. */
export function spanOf({ range, from, to }: SpanSearch, now: number, fallback: LookBack = '1h'): Span {
  const fixed = fixedSpan({ from, to })
  return fixed ?? { from: now - SECONDS[range ?? fallback] * 1000, to: now }
}

/** The two instants, where the URL holds both in order. */
export function fixedSpan({ from, to }: Pick<SpanSearch, 'from' | 'to'>): Span | null {
  if (from === undefined || to === undefined) return null
  const span = { from: Date.parse(from), to: Date.parse(to) }
  return span.from < span.to ? span : null
}

/** The URL's form of two instants, which replaces a span back from now. */
export function spanToSearch({ from, to }: Span): SpanSearch {
  return { range: undefined, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}

/** As request bodies take it. */
export function spanBody({ from, to }: Span): { from: string; to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}
