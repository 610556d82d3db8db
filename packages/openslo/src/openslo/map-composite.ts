import { MOST_COMPOSITE_MEMBERS, type SliSpec, type SloWindow } from '@nines/contracts'
import { defaultAlertRules } from '@nines/slo'
import { shortName, slugOf, type DesiredRule, type DesiredSlo, type Note } from '../desired/desired.ts'
import type { OpenSloDocument } from '../schema/openslo-document.ts'
import { wholeOf, type Whole } from './composite-whole.ts'
import type { Lookup } from './lookup.ts'
import { objectiveSli, type FoundObjective } from './objective-sli.ts'
import { TARGET_ANNOTATION, targetAnnotation } from './target-annotation.ts'
import { descriptionOf, displayNameOf } from './whole-text.ts'

/** What a composite of OpenSLO comes to. */
export interface MappedComposite {
  /** Its objectives as SLOs of their own. */
  members: Omit<DesiredSlo, 'service'>[]
  /** What goes by the name of the document; absent when it is not computed. */
  whole?: { sli: SliSpec; target: number }
  notes: Note[]
}

type Specification = OpenSloDocument<'SLO'>['spec']

export function isCompositeSpec({ objectives }: Specification): boolean {
  return objectives.some(({ indicator, indicatorRef }) => indicator !== undefined || indicatorRef !== undefined)
}

/**
 * A composite of OpenSLO: its objectives as SLOs of their own, each with its target, and the whole over them. One objective
 * that is not computed leaves nothing: a whole without a part would be another one. Notes say why.
 */
export function mapComposite(document: OpenSloDocument<'SLO'>, window: SloWindow, lookup: Lookup): MappedComposite {
  const { metadata, spec } = document
  const mapped = spec.objectives.map((objective, i) => objectiveSli(spec, objective, i, window, lookup))
  const found = mapped.flatMap((one) => one.found ?? [])
  const notes = mapped.flatMap((one) => one.notes)
  const refuse = (path: PropertyKey[], message: string): MappedComposite => ({
    members: [],
    notes: [...notes, { effect: 'not_evaluated', path, message }],
  })
  if (found.length < mapped.length)
    return mapped.length === 1
      ? { members: [], notes }
      : refuse(['spec', 'objectives'], 'the composite is not computed while one of its objectives is not')
  if (found.length > MOST_COMPOSITE_MEMBERS)
    return refuse(['spec', 'objectives'], `a composite has at most ${MOST_COMPOSITE_MEMBERS} objectives`)
  const [only] = found
  if (only !== undefined && found.length === 1)
    return {
      members: [],
      whole: { sli: only.sli, target: only.objective.target },
      notes: [...notes, ...unusedWeights(spec)],
    }

  const uneven = spec.budgetingMethod === 'Timeslices' ? firstUnevenSlice(found) : undefined
  if (uneven !== undefined)
    return refuse([...uneven.path, 'timeSliceWindow'], 'slices of different lengths are not counted together')
  const stated = targetAnnotation(metadata)
  const annotation = ['metadata', 'annotations', TARGET_ANNOTATION]
  if (stated === 'unreadable') return refuse(annotation, 'is no target: a fraction above 0 and below 1, such as "0.99"')
  const weighed = found.map(({ objective: { target } }, i) => ({
    target,
    weight: spec.objectives[i]?.compositeWeight ?? 1,
  }))
  const whole = wholeOf(spec.budgetingMethod, weighed, stated)
  if ('missing' in whole)
    return whole.missing === 'weights'
      ? refuse(
          ['spec', 'objectives'],
          'by these values of compositeWeight the whole has no budget, or one that can never be spent',
        )
      : refuse(
          annotation,
          `is required: the objectives have different targets, and with ${spec.budgetingMethod} that leaves the target of the whole open. Give it as a fraction, such as "0.99"`,
        )
  if (spec.budgetingMethod === 'Timeslices') notes.push(...unusedWeights(spec))
  if (spec.budgetingMethod === 'Occurrences' && stated !== undefined)
    notes.push({
      effect: 'not_used',
      path: annotation,
      message: 'with Occurrences the whole burns as its objectives do, whatever its target',
    })
  const members = membersOf(document, found, lookup)
  return { members, whole: { sli: sliOfWhole(whole, members), target: whole.target }, notes }
}

/** Code names members by slug. */
function sliOfWhole(whole: Exclude<Whole, { missing: unknown }>, members: readonly { slug: string }[]): SliSpec {
  const of = members.map(({ slug }, i) => {
    const weight = whole.combine === 'weighted' ? whole.weights[i] : undefined
    return { sloId: slug, ...(weight !== undefined && { weight }), noData: 'ignore' as const }
  })
  return { kind: 'composite', combine: whole.combine, members: of }
}

/** Rules watch the whole. Where code says nothing of alerts, the silence of each member is told too: the whole goes on without it. */
function membersOf(
  { metadata, spec }: OpenSloDocument<'SLO'>,
  found: readonly FoundObjective[],
  lookup: Lookup,
): MappedComposite['members'] {
  const title = displayNameOf(metadata)
  const taken = new Set([slugOf(metadata.name)])
  return found.map(({ sli, objective, label }, i) => {
    const [slug = ''] = [label, `${label} ${i + 1}`, `objective ${i + 1}`].flatMap((name) => {
      const candidate = slugOf(metadata.name, name)
      return candidate === undefined || taken.has(candidate) ? [] : candidate
    })
    taken.add(slug)
    const { indicator, indicatorRef } = spec.objectives[i] ?? {}
    const described = indicatorRef === undefined ? indicator : lookup('SLI', indicatorRef)
    return {
      slug,
      name: shortName(`${title}: ${label}`),
      description: described === undefined ? '' : descriptionOf(described.spec.description, described.metadata),
      rules: spec.alertPolicies === undefined ? silenceRules(objective) : [],
      sli,
      ...objective,
      furtherObjectives: [],
    }
  })
}

function silenceRules(objective: FoundObjective['objective']): DesiredRule[] {
  return defaultAlertRules(objective).flatMap((rule) =>
    rule.condition.kind === 'absence' ? [{ ...rule, enabled: true }] : [],
  )
}

function unusedWeights({ objectives, budgetingMethod }: Specification): Note[] {
  const why =
    objectives.length === 1
      ? 'there is nothing to weigh one objective against'
      : `${budgetingMethod} ask only whether any objective had a bad slice`
  return objectives.flatMap(({ compositeWeight = 1 }, i) =>
    compositeWeight === 1
      ? []
      : { effect: 'not_used' as const, path: ['spec', 'objectives', i, 'compositeWeight'], message: why },
  )
}

/** A slice stands for its whole time: those of another length cannot be laid over it. */
function firstUnevenSlice(found: readonly FoundObjective[]): FoundObjective | undefined {
  const lengthOf = ({ sli }: FoundObjective) => ('sliceMinutes' in sli ? sli.sliceMinutes : 1)
  return found.find((one, _i, [first]) => first !== undefined && lengthOf(one) !== lengthOf(first))
}
