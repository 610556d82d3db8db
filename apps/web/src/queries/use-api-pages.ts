import type { AnyRoute, BodyOf, ResponseOf } from '@nines/contracts'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { call, type ApiError, type CallInput } from '../api-client.ts'
import { useWorkspace } from './workspace.tsx'

interface Page {
  items: readonly unknown[]
  nextCursor: string | null
}

/** Reads an operation that pages by a cursor in its body. Pages are not read again by themselves: they would shift. */
export function useApiPages<T extends AnyRoute>(route: T, body: Omit<BodyOf<T>, 'cursor'>) {
  const { slug } = useWorkspace()
  return useInfiniteQuery<ResponseOf<T>, ApiError, ResponseOf<T>['items'][number][], unknown[], string | null>({
    queryKey: [slug, route.id, body],
    queryFn: ({ signal, pageParam }) =>
      call(route, { body: { ...body, cursor: pageParam } } as unknown as CallInput<T>, slug, signal),
    initialPageParam: null,
    getNextPageParam: (page: Page) => page.nextCursor,
    select: ({ pages }) => (pages as Page[]).flatMap((page) => page.items) as ResponseOf<T>['items'][number][],
    placeholderData: keepPreviousData,
    refetchInterval: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
}
