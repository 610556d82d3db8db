import {
  objective as objectiveSchema,
  type Objective as SloObjective,
  type SliSpec,
  type SloWindow,
} from '@nines/contracts'
import { fractionOf, type Note } from '../desired/desired.ts'
import type { Objective, SloSpecification } from '../schema/slo.ts'
import type { Lookup } from './lookup.ts'
import { sliOf } from './sli-of.ts'
import { slicedSli } from './sliced-sli.ts'

export interface FoundObjective {
  sli: SliSpec
  objective: SloObjective
  /** What people call it. */
  label: string
  path: PropertyKey[]
}

export interface MappedObjective {
  /** Absent when the objective is not computed. */
  found?: FoundObjective
  notes: Note[]
}

/** What an objective measures and promises: by its own indicator, as those of composites are, or by the one of its SLO. */
export function objectiveSli(
  spec: SloSpecification,
  objective: Objective,
  index: number,
  window: SloWindow,
  lookup: Lookup,
): MappedObjective {
  const path = ['spec', 'objectives', index]
  const refuse = (where: PropertyKey[], message: string): MappedObjective => ({
    notes: [{ effect: 'not_evaluated', path: where, message }],
  })
  const target = objective.target ?? fractionOf(objective.targetPercent ?? 0)
  const parsed = objectiveSchema.safeParse({ target, window })
  if (!parsed.success) return refuse([...path, 'target'], 'a target of 0 can never be missed')

  const isOwn = objective.indicator !== undefined || objective.indicatorRef !== undefined
  const { indicator: inline, indicatorRef: reference } = isOwn ? objective : spec
  const around = isOwn ? path : ['spec']
  const indicator = reference === undefined ? inline : lookup('SLI', reference)
  if (indicator === undefined)
    return refuse([...around, 'indicatorRef'], `the SLI ${reference ?? ''} is not known here`)
  const measured = sliOf(indicator.spec, objective, (name) => lookup('DataSource', name)?.spec.type)
  if ('reason' in measured) {
    const inside = ['indicator', 'spec', ...measured.path]
    return refuse([...around, ...(reference === undefined ? inside : ['indicatorRef'])], measured.reason)
  }
  const sliced = slicedSli(measured.sli, spec.budgetingMethod, objective)
  if ('reason' in sliced)
    return refuse(sliced.isWindow ? [...path, 'timeSliceWindow'] : ['spec', 'budgetingMethod'], sliced.reason)
  const label = objective.displayName ?? (isOwn ? indicator.metadata.name : `objective ${index + 1}`)
  return { found: { sli: sliced.sli, objective: parsed.data, label, path }, notes: [] }
}
