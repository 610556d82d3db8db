import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from './api-client.ts'

/** Live events keep pages fresh; the minute's poll is for what they miss. A session that ended leads to the login. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.status === 401) onSignedOut()
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchInterval: 60_000,
        retry: (failures, error) =>
          failures < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      },
    },
  })
}
