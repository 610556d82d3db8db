import { isDeepStrictEqual } from 'node:util'
import type { Objective as SloObjective, SliSpec, SloWindow } from '@nines/contracts'
import { defaultAlertRules } from '@nines/slo'
import {
  shortName,
  slugOf,
  type DesiredRule,
  type DesiredService,
  type DesiredSlo,
  type Mapped,
  type Note,
} from '../desired/desired.ts'
import type { OpenSloDocument } from '../schema/openslo-document.ts'
import type { SloSpecification } from '../schema/slo.ts'
import { BUDGET_ANNOTATION, budgetAnnotation } from './budget-annotation.ts'
import type { Lookup } from './lookup.ts'
import { isCompositeSpec, mapComposite } from './map-composite.ts'
import { objectiveSli } from './objective-sli.ts'
import { OBJECTIVES_ANNOTATION, objectivesAnnotation } from './objectives-annotation.ts'
import { rulesOf } from './rules-of.ts'
import { descriptionOf, displayNameOf } from './whole-text.ts'
import { windowOf } from './windows.ts'

/** Objectives of one SLO at most: the first and seven more. */
const MAX_OBJECTIVES = 8
/** Annotations that Nines writes and reads begin so. */
const OWN_ANNOTATION = 'nines/'

/**
 * What an OpenSLO SLO comes to: one SLO of Nines for each indicator that its objectives make, usually one; of a composite
 * one for each objective and the whole over them. What Nines cannot compute is a note that says so; nothing is dropped
 * without one.
 */
export function mapSlo(document: OpenSloDocument<'SLO'>, lookup: Lookup): Mapped {
  const { metadata, spec } = document
  const service = serviceOf(spec, lookup)
  if (service === undefined) return unevaluated(['spec', 'service'], `${spec.service} makes no slug`)
  const services = [service]
  const result = windowOf(spec.timeWindow?.[0])
  if ('reason' in result) {
    const path = ['spec', 'timeWindow', 0, ...result.path]
    return { services, slos: [], notes: [{ effect: 'not_evaluated', path, message: result.reason }] }
  }
  const alerts = rulesOf(spec.alertPolicies ?? [], lookup)
  const {
    members,
    groups,
    notes: found,
  } = isCompositeSpec(spec)
    ? compositeGroups(document, result.window, lookup)
    : objectiveGroups(spec, result.window, lookup)
  const slos = [
    ...members.map((member) => ({ ...member, service: service.slug })),
    ...groups.flatMap((group, i) => sloOf(document, group, i, service.slug, alerts.rules)),
  ]
  const notes = [...alerts.notes, ...found]
  if (objectivesAnnotation(metadata) === undefined) {
    const path = ['metadata', 'annotations', OBJECTIVES_ANNOTATION]
    notes.push({ effect: 'not_evaluated', path, message: 'these are not objectives of Nines' })
  }
  if (budgetAnnotation(metadata) === 'unreadable') {
    const path = ['metadata', 'annotations', BUDGET_ANNOTATION]
    notes.push({ effect: 'not_used', path, message: 'this names no budget policy' })
  }
  const others = Object.keys(metadata.annotations ?? {}).filter((key) => !key.startsWith(OWN_ANNOTATION))
  if (metadata.labels !== undefined || others.length > 0)
    notes.push({
      effect: 'not_used',
      path: ['metadata'],
      message: 'labels and annotations are kept, nothing uses them',
    })
  return { services, slos, notes }
}

/** Rules for code that says nothing of alerts. */
function defaultRules(objective: SloObjective): DesiredRule[] {
  return defaultAlertRules(objective).map((rule) => ({ ...rule, enabled: true }))
}

/** Objectives over one indicator; the first is the one that rules watch. */
interface Group {
  sli: SliSpec
  first: SloObjective
  further: SloObjective[]
  label: string
}

interface Groups {
  /** SLOs that the document makes beside those of its own name. */
  members: Omit<DesiredSlo, 'service'>[]
  groups: Group[]
  notes: Note[]
}

function objectiveGroups(spec: SloSpecification, window: SloWindow, lookup: Lookup): Groups {
  const mapped = spec.objectives.map((objective, i) => objectiveSli(spec, objective, i, window, lookup))
  const groups: Group[] = []
  const notes: Note[] = mapped.flatMap((one) => one.notes)
  for (const { found } of mapped) {
    if (found === undefined) continue
    const { sli, objective, label, path } = found
    const group = groups.find((one) => isDeepStrictEqual(one.sli, sli))
    if (group === undefined) groups.push({ sli, first: objective, further: [], label })
    else if (group.further.length < MAX_OBJECTIVES - 1) group.further.push(objective)
    else notes.push({ effect: 'not_evaluated', path, message: `an SLO has at most ${MAX_OBJECTIVES} objectives` })
  }
  return { members: [], groups, notes }
}

function compositeGroups(document: OpenSloDocument<'SLO'>, window: SloWindow, lookup: Lookup): Groups {
  const { members, whole, notes } = mapComposite(document, window, lookup)
  const groups = whole ? [{ sli: whole.sli, first: { target: whole.target, window }, further: [], label: '' }] : []
  return { members, groups, notes }
}

function sloOf(
  { metadata, spec }: OpenSloDocument<'SLO'>,
  group: Group,
  index: number,
  service: string,
  rules: DesiredRule[],
): DesiredSlo[] {
  const { sli, first, label } = group
  const title = displayNameOf(metadata)
  const slug = index === 0 ? slugOf(metadata.name) : slugOf(metadata.name, label)
  if (slug === undefined) return []
  const budgetPolicy = budgetAnnotation(metadata)
  return [
    {
      slug,
      name: shortName(index === 0 ? title : `${title}: ${label}`),
      description: descriptionOf(spec.description, metadata),
      service,
      sli,
      ...first,
      furtherObjectives: [...group.further, ...(objectivesAnnotation(metadata) ?? [])].slice(0, MAX_OBJECTIVES - 1),
      rules: spec.alertPolicies === undefined ? defaultRules(first) : rules,
      ...(budgetPolicy !== undefined && budgetPolicy !== 'unreadable' && { budgetPolicy }),
    },
  ]
}

function serviceOf(spec: SloSpecification, lookup: Lookup): DesiredService | undefined {
  const slug = slugOf(spec.service)
  if (slug === undefined) return undefined
  const known = lookup('Service', spec.service)
  const name = shortName(known === undefined ? spec.service : displayNameOf(known.metadata))
  return { slug, name, description: '', isImplied: true }
}

function unevaluated(path: PropertyKey[], message: string): Mapped {
  return { services: [], slos: [], notes: [{ effect: 'not_evaluated', path, message }] }
}
