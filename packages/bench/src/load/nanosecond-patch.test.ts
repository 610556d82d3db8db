import { expect, test } from 'vitest'
import { writeNanos } from './nanosecond-patch.ts'

test.each([0, 1, 999, 1_000, 1_790_000_000_123, 4_102_444_799_999])(
  '%i ms become nanoseconds to the last digit',
  (ms) => {
    const view = new DataView(new ArrayBuffer(8))
    writeNanos(view, 0, ms, 654_321)
    expect(view.getBigUint64(0, true)).toBe(BigInt(ms) * 1_000_000n + 654_321n)
  },
)
