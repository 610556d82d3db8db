import { Composite } from '../composite/composite.ts'
import type { RandomComposite, RandomLeaf } from '../composite/random-composite.fixture.ts'
import type { MinuteSeries } from '../minute-series.ts'
import type { Span } from '../window-span.ts'
import { DenseMinutes } from './dense-minutes.ts'
import { MemberMinutes } from './member-minutes.ts'
import type { ReportTree } from './report-composite.ts'

/** A series as a report has it. */
export function denseMinutesOf(series: MinuteSeries, range: Span): DenseMinutes {
  const dense = new DenseMinutes(range)
  for (const [minute, counts] of series.minutes()) dense.set(minute, counts)
  return dense
}

/** A random composite as a report has it, of the same minutes. */
export function reportTreeOf({ composite, leaves }: RandomComposite, range: Span): ReportTree {
  const left = [...leaves]
  const leafOf = ({ measured, spans }: RandomLeaf) =>
    new MemberMinutes(denseMinutesOf(measured, range), {
      sli: { kind: 'availability', checkId: 'chk_1' },
      corrected: spans,
      endedBy: range.to,
    })
  const treeOf = ({ combine, members }: Composite): ReportTree => ({
    combine,
    // Leaves stand in the order in which a walk finds them.
    members: members.map(({ minutes, target, weight, noData, silence, covered }) => ({
      of: minutes instanceof Composite ? treeOf(minutes) : leafOf(left.shift() as RandomLeaf),
      target,
      weight,
      noData,
      silence,
      above: [],
      corrected: covered,
    })),
  })
  return treeOf(composite)
}

/** Does all steps of a work at once. */
export function finish<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}
