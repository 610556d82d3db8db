import type { DotItemDotProps } from 'recharts'
import { isLone } from '../../model/is-lone.ts'

/** Draws points that no line goes through, because there is no value before and none after them. */
export function loneDots<Point>(points: readonly Point[], valueOf: (point: Point) => number | null) {
  const values = points.map(valueOf)
  return function LoneDot({ key, cx, cy, index, stroke }: DotItemDotProps) {
    return isLone(values, index) ? <circle key={key} cx={cx} cy={cy} r={2.5} fill={stroke} /> : <g key={key} />
  }
}
