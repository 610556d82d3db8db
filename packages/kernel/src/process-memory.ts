/**
 * Options of Node for every process of ours. V8 lets its young generation grow to 128 MB in a process through which
 * telemetry passes, its heap to four times of what lives in it, and to 512 MB before it first looks. A small young
 * generation stays in the processor's cache, and a heap above which 1.5 GB are no more given grows by half only.
 */
export const NODE_OPTIONS_OF_APPS: readonly string[] = [
  '--max-semi-space-size=4',
  '--max-old-space-size=1536',
  '--initial-old-space-size=64',
]

/**
 * Environment of every process of ours, for the C library's allocator: few arenas, because what is free in one is of no use
 * to another, and a bound on what it keeps for later, which by itself rises with the largest block that was ever freed.
 */
export const MEMORY_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(8 * 1024 * 1024),
}
