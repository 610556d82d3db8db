import { defaultStringifySearch } from '@tanstack/react-router'

/** A page's address with search parameters as the router writes them; undefined ones and empty lists are left out. */
export function searchLink(page: string, search: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(search).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0),
  )
  return page + defaultStringifySearch(Object.fromEntries(given))
}
