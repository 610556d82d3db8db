import type { ChangeMark } from '@nines/contracts'
import { ReferenceLine } from 'recharts'

/** Text of a mark: a diamond that says, under the pointer, what changed. */
function Diamond({ title, viewBox }: { title: string; viewBox?: { x?: number; y?: number } }) {
  return (
    <text
      x={viewBox?.x ?? 0}
      y={(viewBox?.y ?? 0) + 3}
      textAnchor="middle"
      fill="var(--ink-2)"
      fontSize={11}
      style={{ cursor: 'default' }}
    >
      <title>{title}</title>◆
    </text>
  )
}

/** Lines where the service changed, for a chart over [from, to]. */
export function changeMarks(changes: readonly ChangeMark[], from: number, to: number) {
  return changes
    .filter((change) => change.at >= from && change.at <= to)
    .map((change) => (
      <ReferenceLine
        key={change.id}
        x={change.at}
        stroke="var(--ink-3)"
        strokeDasharray="2 3"
        label={<Diamond title={changeText(change)} />}
      />
    ))
}

/** The changes of a point that stands for the step before it, one line each, for its tooltip. */
export function changeRows(changes: readonly ChangeMark[], at: number, stepSeconds: number): [string, string][] {
  return changes
    .filter((change) => change.at > at - stepSeconds * 1000 && change.at <= at)
    .map((change, index) => [index === 0 ? 'Change' : `Change ${index + 1}`, changeText(change)])
}

function changeText({ title, environment, author }: ChangeMark): string {
  return [title, environment === '' ? null : `in ${environment}`, author === null ? null : `by ${author}`]
    .filter(Boolean)
    .join(' ')
}
