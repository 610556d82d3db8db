import { changeKind, type ChangeDto, type QueryOf, type listChanges } from '@nines/contracts'
import { z } from 'zod'
import { searchText } from './logs-search.ts'
import { searchLink } from './search-link.ts'
import { spanBody, spanSearch, type LookBack, type Span } from './span-search.ts'

/** The state of the Changes page, as its URL holds it. */
export const changesSearch = spanSearch.extend({
  /** Slug, name or any other name that changes carry. */
  service: searchText,
  kind: changeKind.optional().catch(undefined),
  /** Id of the one whose effects are shown. */
  change: searchText,
})
export type ChangesSearch = z.infer<typeof changesSearch>

export const CHANGES_FALLBACK: LookBack = '30d'
/** As many as the API gives at once. */
export const CHANGES_SHOWN = 500

/** What the API is asked for. */
export function changesQuery({ service, kind }: ChangesSearch, span: Span): QueryOf<typeof listChanges> {
  return { service, kind, ...spanBody(span), limit: CHANGES_SHOWN }
}

export const changesLink = (search: ChangesSearch): string => searchLink('/changes', search)

/** How long it took; null where it took no time, or is not over. */
export function changeSeconds({ startedAt, endedAt }: Pick<ChangeDto, 'startedAt' | 'endedAt'>): number | null {
  return endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000
}

/** How a pipeline tells of a change: to paste into a step of it, with the key in its secrets. */
export function recordChangeSnippet(apiUrl: string, service: string): string {
  return [
    `curl -X POST ${apiUrl}/api/v1/changes \\`,
    '  -H "Authorization: Bearer $NINES_API_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    "  -d '{",
    '    "externalId": "build-4711",',
    `    "service": ${JSON.stringify(service)},`,
    '    "environment": "production",',
    '    "kind": "deploy",',
    '    "version": "1.4.0",',
    '    "url": "https://ci.example/4711"',
    "  }'",
  ].join('\n')
}
