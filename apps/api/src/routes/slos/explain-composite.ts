import type { CompositeCombine, ExplainedFigure, ExplainedMember, ExplainedObjective } from '@nines/contracts'
import type { LoadedComposite } from '@nines/ledger'
import { budgetContributions, memberBadShare, MINUTE_MS, minuteOf, type ExplainedWindow } from '@nines/slo'

const FORMULAS: Record<CompositeCombine, string> = {
  weighted: 'Σ(weight × SLI) ÷ Σ weight',
  all_of: 'minutes in which every member met its target ÷ minutes',
  worst_of: 'the least SLI of a member',
  critical_path: 'the product of the SLIs of the members',
}

/** An explained objective of a composite: its SLI follows from those of the members, which stand beside it. */
export function explainComposite(explained: ExplainedWindow, loaded: LoadedComposite, at: number): ExplainedObjective {
  const members = explainMembers(loaded, { from: explained.from, to: at })
  const figures = explained.figures.map((figure) => (figure.id === 'sli' ? sliFigure(figure, loaded, members) : figure))
  return { ...explained, figures, members }
}

/** What every member counted in [from, to), epoch ms, and how much of what the composite spent it caused. */
export function explainMembers(
  { composite, members }: LoadedComposite,
  { from: start, to }: { from: number; to: number },
): ExplainedMember[] {
  const from = minuteOf(start)
  const windows = composite.memberWindows(from, to - MINUTE_MS)
  const contributions = budgetContributions(composite, { from, to })
  const weights = windows.reduce((sum, { weight }) => sum + weight, 0)
  return members.map(({ slo, terms }, i) => {
    const window = windows[i] ?? { good: 0, total: 0, spoken: 0, silent: 0, noData: terms.noData, weight: 1 }
    const bad = memberBadShare(window)
    return {
      sloId: slo.id,
      slug: slo.slug,
      name: slo.name,
      service: slo.service,
      version: slo.version,
      kind: slo.sli.kind,
      target: slo.target,
      weight: composite.combine === 'weighted' ? window.weight : null,
      weightShare: composite.combine === 'weighted' ? window.weight / weights : null,
      noData: terms.noData,
      good: window.good,
      total: window.total,
      silentMinutes: window.silent,
      sli: bad === null ? null : 1 - bad,
      contributionUnits: contributions[i] ?? null,
    }
  })
}

function sliFigure(
  figure: ExplainedFigure,
  { composite }: LoadedComposite,
  members: readonly ExplainedMember[],
): ExplainedFigure {
  // Minutes are counted: good and total say it all.
  const inputs =
    composite.combine === 'all_of'
      ? figure.inputs
      : members.flatMap(({ name, sli, weight }) => [
          { name: `SLI of ${name}`, value: sli, unit: 'ratio' },
          ...(weight === null ? [] : [{ name: `weight of ${name}`, value: weight, unit: 'weight' }]),
        ])
  return { ...figure, formula: FORMULAS[composite.combine], inputs }
}
