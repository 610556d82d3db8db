/**
 * Cuts items into batches, fetches some of them at once and takes each in as it comes. The first error ends it; batches that
 * are on their way then are waited for, so that nothing goes on behind the caller's back.
 */
export async function inBatches<T, R>(
  items: readonly T[],
  { size, atOnce }: { size: number; atOnce: number },
  fetchBatch: (batch: readonly T[]) => Promise<R>,
  takeIn: (result: R) => void,
): Promise<void> {
  let next = 0
  let failed = false
  const work = async () => {
    while (next < items.length && !failed) {
      const batch = items.slice(next, next + size)
      next += size
      try {
        takeIn(await fetchBatch(batch))
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const outcomes = await Promise.allSettled(Array.from({ length: atOnce }, work))
  const rejected = outcomes.find((outcome) => outcome.status === 'rejected')
  if (rejected) throw rejected.reason
}
