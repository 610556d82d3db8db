import type { QueryAnswer, QueryCase } from './query-case.ts'

/** Asks one system. */
export interface QueryClient {
  ask(query: QueryCase): Promise<QueryAnswer>
  close(): Promise<void>
}
