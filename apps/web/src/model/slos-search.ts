import { sloSort } from '@nines/contracts'
import { z } from 'zod'
import { searchText } from './logs-search.ts'

/** Which SLOs the page lists and in which order, as its address says. */
export const slosSearch = z.object({
  service: z.string().optional().catch(undefined),
  search: searchText,
  /** Least budget first when left out. */
  sort: sloSort.optional().catch(undefined),
  direction: z.enum(['asc', 'desc']).optional().catch(undefined),
  page: z.number().int().min(1).max(1_000_000).optional().catch(undefined),
})
