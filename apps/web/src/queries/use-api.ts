import type { AnyRoute, ResponseOf } from '@nines/contracts'
import { keepPreviousData, useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { call, type ApiError, type CallInput } from '../api-client.ts'
import { useWorkspace } from './workspace.tsx'

interface QueryOptions {
  enabled?: boolean
  /** Show the last answer while the input changes (ranges, searches), instead of a skeleton. */
  keepPrevious?: boolean
  /** The answer to the same question stays the same for minutes, or costs too much to be asked for again by itself. */
  asksOnce?: boolean
}

/** Reads one operation of the workspace. Key: [slug, route id, input], which live events use to find it. */
export function useApiQuery<T extends AnyRoute>(
  route: T,
  input: CallInput<T>,
  options: QueryOptions = {},
): UseQueryResult<ResponseOf<T>, ApiError> {
  const { slug } = useWorkspace()
  return useQuery<ResponseOf<T>, ApiError, ResponseOf<T>>({
    queryKey: [slug, route.id, input],
    queryFn: ({ signal }) => call(route, input, slug, signal),
    enabled: options.enabled ?? true,
    ...(options.asksOnce === true && { staleTime: 5 * 60_000, refetchInterval: false as const }),
    placeholderData: options.keepPrevious === true ? keepPreviousData : undefined,
  })
}

/** Calls one operation that changes something; afterwards all that is on screen of the workspace is read again. */
export function useApiMutation<T extends AnyRoute>(route: T, onDone?: (answer: ResponseOf<T>) => void) {
  const { slug } = useWorkspace()
  const client = useQueryClient()
  return useMutation<ResponseOf<T>, ApiError, CallInput<T>>({
    mutationFn: (input) => call(route, input, slug),
    onSuccess: (answer) => {
      void client.invalidateQueries({ queryKey: [slug] })
      onDone?.(answer)
    },
  })
}
