// The module's exports; `src/fast/decoder-exports.ts` declares them for TypeScript.

export { absorbContent, contentPointer, openContent } from './content-hash'
export { keyPointer } from './keyed-hash'
export { evict, learn, openTable, setMinute, tableCount } from './key-table'
export { hasStarts, missCount, newestAt, oldestAt, openBody, openRows, rowCount } from './rows'
export { dealRows, placeRows } from './order-rows'
export { openSymbols, remoteWrite2 } from './remote-write-2'
export { otlpMetrics } from './otlp-metrics'
export { remoteWrite1 } from './remote-write-1'
export { snappyDecompress } from './snappy'

/** The first address that the module itself does not use. */
export function freeFrom(): usize {
  return __heap_base
}
