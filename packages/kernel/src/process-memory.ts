/**
 * Options of Node for every process of ours. V8 lets its young generation grow to 128 MB in a process through which
 * telemetry passes; a small one stays in the processor's cache, and the memory of buffers that died young, which V8 gives
 * back only when it collects, is given back soon. Ingest takes a tenth less time with it and a fifth of its memory less.
 */
export const NODE_OPTIONS_OF_APPS: readonly string[] = ['--max-semi-space-size=4', '--max-old-space-size=1536', '--initial-old-space-size=64']

/**
 * Environment of every process of ours, for the C library's allocator: few arenas, because what is free in one is of no use
 * to another, and blocks from 1 MiB on that go back to the system when they are freed, where by itself it soon keeps all
 * below 32 MiB.
 */
export const MEMORY_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '1048576',
  MALLOC_TRIM_THRESHOLD_: '8388608',
}
