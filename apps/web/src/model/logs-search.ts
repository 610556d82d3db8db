import type { searchLogs, BodyOf } from '@nines/contracts'
import { z } from 'zod'
import { attributesOf } from './attribute-filter.ts'
import { lowestNumber, SEVERITIES } from './log-severity.ts'
import { searchLink } from './search-link.ts'
import { spanSearch } from './span-search.ts'

/** A parameter that may stand once or as a list. */
export const textList = z
  .union([z.string().transform((text) => [text]), z.array(z.string())])
  .optional()
  .catch(undefined)
/** A number in the URL is a text like any other here: "500" is a word to look for. */
export const searchText = z
  .union([z.string(), z.number().transform(String), z.boolean().transform(String)])
  .optional()
  .catch(undefined)

/** The state of the Logs page, as its URL holds it. */
export const logsSearch = spanSearch.extend({
  q: searchText,
  severity: z.enum(SEVERITIES).optional().catch(undefined),
  service: textList,
  attr: textList,
  trace: searchText,
  /** Follows records as they arrive. */
  live: z.boolean().optional().catch(undefined),
})
export type LogsSearch = z.infer<typeof logsSearch>

interface LogFilter extends Omit<BodyOf<typeof searchLogs>, 'from' | 'to' | 'limit' | 'cursor' | 'minSeverity'> {
  minSeverity: number
}

/** What the API is asked for, besides the time. */
export function logFilterOf({ q, severity, service, attr, trace }: LogsSearch): LogFilter {
  return {
    text: q ?? '',
    minSeverity: lowestNumber(severity ?? 'unset'),
    services: service ?? [],
    attributes: attributesOf(attr ?? []),
    traceId: /^[0-9a-f]{32}$/i.test(trace ?? '') ? (trace ?? '') : '',
  }
}

/** Whether anything but the time narrows the search. */
export function isFiltered({ q, severity, service, attr, trace }: LogsSearch): boolean {
  return [q, severity, service, attr, trace].some((part) => part !== undefined && part.length > 0)
}

/** Query of the live tail: the same filter, in the form that an EventSource can send. */
export function tailQuery(search: LogsSearch, workspace: string): string {
  const { text, minSeverity, services, attributes, traceId } = logFilterOf(search)
  const query = new URLSearchParams({ workspace, minSeverity: String(minSeverity) })
  if (text) query.set('text', text)
  if (services && services.length > 0) query.set('services', services.join(','))
  if (attributes && attributes.length > 0) query.set('attributes', JSON.stringify(attributes))
  if (traceId) query.set('traceId', traceId)
  return query.toString()
}

export const logsLink = (search: LogsSearch): string => searchLink('/logs', search)
