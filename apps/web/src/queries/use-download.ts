import { useMutation } from '@tanstack/react-query'
import type { AnyRoute } from '@nines/contracts'
import { download, type ApiError, type CallInput } from '../api-client.ts'
import { useWorkspace } from './workspace.tsx'

/** Reads one operation of the workspace and saves its answer as a file. */
export function useDownload<T extends AnyRoute>(route: T) {
  const { slug } = useWorkspace()
  return useMutation<void, ApiError, { input: CallInput<T>; name: string }>({
    mutationFn: async ({ input, name }) => save(await download(route, input, slug), name),
  })
}

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has taken it over by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
