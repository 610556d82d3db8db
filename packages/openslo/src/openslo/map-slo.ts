import type { SliSpec } from '@nines/contracts'
import { defaultBurnRateRules } from '@nines/slo'
import {
  fractionOf,
  shortName,
  slugOf,
  type DesiredRule,
  type DesiredService,
  type DesiredSlo,
  type Mapped,
  type Note,
} from '../desired/desired.ts'
import type { OpenSloDocument } from '../schema/openslo-document.ts'
import type { Objective, SloSpecification } from '../schema/slo.ts'
import { secondsOf, wholeDays } from './durations.ts'
import type { Lookup } from './lookup.ts'
import { rulesOf } from './rules-of.ts'
import { sliOf } from './sli-of.ts'
import { descriptionOf, displayNameOf, WHOLE_TEXT } from './whole-text.ts'

/** The specification leaves the window open; Nines' own default then holds. */
const DEFAULT_WINDOW_DAYS = 30

/**
 * What an OpenSLO SLO comes to: one SLO of Nines for each objective (named after the document where there is one). What
 * Nines cannot compute yet is a note that says so; nothing is dropped without one.
 */
export function mapSlo(document: OpenSloDocument<'SLO'>, lookup: Lookup): Mapped {
  const { metadata, spec } = document
  const service = serviceOf(spec, lookup)
  if (service === undefined) return unevaluated(['spec', 'service'], `${spec.service} makes no slug`)
  const services = [service]
  const blocked = [...methodNotes(spec), ...windowNotes(spec)]
  if (blocked.length > 0) return { services, slos: [], notes: blocked }
  const [window] = spec.timeWindow ?? []
  const windowDays = window === undefined ? DEFAULT_WINDOW_DAYS : (wholeDays(secondsOf(window.duration)) ?? 0)
  const alerts = rulesOf(spec.alertPolicies ?? [], lookup)

  const notes: Note[] = [...alerts.notes]
  const slos: DesiredSlo[] = []
  spec.objectives.forEach((objective, i) => {
    const mapped = objectiveOf(document, objective, i, lookup)
    notes.push(...mapped.notes)
    if (mapped.sli === undefined) return
    const { sli, target, slug, name } = mapped
    const rules = spec.alertPolicies === undefined ? defaultRules(target, windowDays) : alerts.rules
    slos.push({
      slug,
      name,
      description: descriptionOf(spec.description, metadata),
      service: service.slug,
      sli,
      target,
      windowDays,
      rules,
    })
  })
  const own: readonly string[] = Object.values(WHOLE_TEXT)
  const others = Object.keys(metadata.annotations ?? {}).filter((key) => !own.includes(key))
  if (metadata.labels !== undefined || others.length > 0)
    notes.push({
      effect: 'not_used',
      path: ['metadata'],
      message: 'labels and annotations are kept, nothing uses them',
    })
  return { services, slos, notes }
}

/** Rules for code that says nothing of alerts. */
export function defaultRules(target: number, windowDays: number): DesiredRule[] {
  return defaultBurnRateRules({ target, windowDays }).map((rule) => ({ ...rule, enabled: true }))
}

type MappedObjective =
  | { sli: SliSpec; target: number; slug: string; name: string; notes: Note[] }
  | { sli: undefined; notes: Note[] }

function objectiveOf(
  { metadata, spec }: OpenSloDocument<'SLO'>,
  objective: Objective,
  index: number,
  lookup: Lookup,
): MappedObjective {
  const path = ['spec', 'objectives', index]
  const refuse = (where: PropertyKey[], message: string): MappedObjective => ({
    sli: undefined,
    notes: [{ effect: 'not_evaluated', path: where, message }],
  })
  if (objective.indicator !== undefined || objective.indicatorRef !== undefined)
    return refuse(path, 'a composite SLO (an indicator in each objective) is not computed from OpenSLO')
  const target = objective.target ?? fractionOf(objective.targetPercent ?? 0)
  if (target === 0) return refuse([...path, 'target'], 'a target of 0 can never be missed')

  const reference = spec.indicatorRef
  const indicator = reference === undefined ? spec.indicator : lookup('SLI', reference)
  if (indicator === undefined) return refuse(['spec', 'indicatorRef'], `the SLI ${reference ?? ''} is not known here`)
  const result = sliOf(indicator.spec, (name) => lookup('DataSource', name)?.spec.type)
  if ('reason' in result) {
    const where = reference === undefined ? ['spec', 'indicator', 'spec', ...result.path] : ['spec', 'indicatorRef']
    return refuse(where, result.reason)
  }
  const isOne = spec.objectives.length === 1
  const label = objective.displayName ?? `objective ${index + 1}`
  const title = displayNameOf(metadata)
  const slug = isOne ? slugOf(metadata.name) : slugOf(metadata.name, label)
  if (slug === undefined) return refuse(path, `${label} makes no slug`)
  return { ...result, target, slug, name: shortName(isOne ? title : `${title}: ${label}`), notes: [] }
}

function methodNotes({ budgetingMethod }: SloSpecification): Note[] {
  if (budgetingMethod === 'Occurrences') return []
  const message = `budgetingMethod ${budgetingMethod} is not computed from OpenSLO; Occurrences is`
  return [{ effect: 'not_evaluated', path: ['spec', 'budgetingMethod'], message }]
}

function windowNotes({ timeWindow }: SloSpecification): Note[] {
  const [window] = timeWindow ?? []
  if (window === undefined) return []
  const path = ['spec', 'timeWindow', 0]
  if (window.calendar !== undefined)
    return [
      {
        effect: 'not_evaluated',
        path: [...path, 'calendar'],
        message: 'calendar windows are not computed from OpenSLO',
      },
    ]
  if (wholeDays(secondsOf(window.duration)) !== undefined) return []
  const message = `a rolling window has 1 to 366 whole days, not ${window.duration}`
  return [{ effect: 'not_evaluated', path: [...path, 'duration'], message }]
}

function serviceOf(spec: SloSpecification, lookup: Lookup): DesiredService | undefined {
  const slug = slugOf(spec.service)
  if (slug === undefined) return undefined
  const known = lookup('Service', spec.service)
  return {
    slug,
    name: shortName(known === undefined ? spec.service : displayNameOf(known.metadata)),
    description: '',
    isImplied: true,
  }
}

function unevaluated(path: PropertyKey[], message: string): Mapped {
  return { services: [], slos: [], notes: [{ effect: 'not_evaluated', path, message }] }
}
