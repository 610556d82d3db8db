import { getMe, type Me } from '@nines/contracts'
import { queryOptions } from '@tanstack/react-query'
import { ApiError, call } from '../api-client.ts'

/** The signed-in user; null when nobody is. Other failures are errors. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await call(getMe, {}, undefined, signal)
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: 60_000,
})
