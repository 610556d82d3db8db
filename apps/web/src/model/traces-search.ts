import type { BodyOf, searchTraces } from '@nines/contracts'
import { z } from 'zod'
import { attributesOf } from './attribute-filter.ts'
import { searchText, textList } from './logs-search.ts'
import { parseDuration } from './parse-duration.ts'
import { searchLink } from './search-link.ts'
import { spanSearch } from './span-search.ts'

/** The state of the Traces page, as its URL holds it. Durations stand as they were typed: "250ms". */
export const tracesSearch = spanSearch.extend({
  view: z.enum(['traces', 'map']).optional().catch(undefined),
  service: searchText,
  operation: searchText,
  status: z.enum(['ok', 'error']).optional().catch(undefined),
  min: searchText,
  max: searchText,
  attr: textList,
  sort: z.enum(['newest', 'slowest']).optional().catch(undefined),
})
export type TracesSearch = z.infer<typeof tracesSearch>

type TraceFilter = Omit<BodyOf<typeof searchTraces>, 'from' | 'to' | 'limit'>

/** What the API is asked for, besides the time. A duration that cannot be read narrows nothing. */
export function traceFilterOf({ service, operation, status, min, max, attr, sort }: TracesSearch): TraceFilter {
  return {
    service: service ?? '',
    operation: operation ?? '',
    status: status ?? 'any',
    minDurationMs: parseDuration(min ?? '', 'ms') ?? 0,
    maxDurationMs: parseDuration(max ?? '', 'ms'),
    attributes: attributesOf(attr ?? []),
    sort: sort ?? 'newest',
  }
}

/** Whether anything but the time narrows the search. */
export function isTraceSearchFiltered({ service, operation, status, min, max, attr }: TracesSearch): boolean {
  return [service, operation, status, min, max, attr].some((part) => part !== undefined && part.length > 0)
}

export const tracesLink = (search: TracesSearch): string => searchLink('/traces', search)
