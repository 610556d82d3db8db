import { burnRateCondition } from '@nines/contracts'
import { fractionOf, shortName, slugOf, type DesiredSlo, type Mapped, type Note } from '../desired/desired.ts'
import { wholeDays } from '../openslo/durations.ts'
import { eventSli } from '../prometheus/event-sli.ts'
import type { SlothSlo, SlothWindows } from './sloth-documents.ts'
import { slothRules, windowsFor } from './sloth-rules.ts'

export interface SlothContext {
  service: string
  /** Period of the SLOs, which Sloth takes from its command line and not from the file. */
  periodSeconds: number
  /** AlertWindows of the files at hand. */
  windows: readonly SlothWindows[]
  /** Where the SLOs stand in the document. */
  path: PropertyKey[]
}

/** What the SLOs of a Sloth document come to, under the name that Sloth gives them: service, then SLO. */
export function mapSloth(slos: readonly SlothSlo[], context: SlothContext): Mapped {
  const slug = slugOf(context.service)
  if (slug === undefined)
    return { services: [], slos: [], notes: [note(context.path, `${context.service} makes no slug`)] }
  const results = slos.map((slo, i) => mapOne(slo, slug, context, [...context.path, i]))
  return {
    services: [{ slug, name: shortName(context.service), description: '', isImplied: true }],
    slos: results.flatMap((result) => ('slo' in result ? result.slo : [])),
    notes: results.flatMap((result) => result.notes),
  }
}

type One = { slo: DesiredSlo; notes: Note[] } | { notes: Note[] }

function mapOne(slo: SlothSlo, service: string, { periodSeconds, windows }: SlothContext, path: PropertyKey[]): One {
  const slug = slugOf(service, slo.name)
  const days = wholeDays(periodSeconds)
  const used = windowsFor(periodSeconds, windows)
  if (slug === undefined) return { notes: [note(path, `${slo.name} makes no slug`)] }
  if (days === undefined) return { notes: [note(path, 'the period has 1 to 366 whole days')] }
  if (used === undefined)
    return { notes: [note(path, `Sloth has no windows for ${days} days; add a file of kind AlertWindows for them`)] }
  if (slo.objective === 100) return { notes: [note([...path, 'objective'], 'an objective of 100 leaves no budget')] }
  if (slo.events === undefined)
    return { notes: [note([...path, 'sli', slo.other ?? 'events'], otherReason(slo.other))] }
  const result = eventSli('bad', slo.events.error, slo.events.total)
  if ('reason' in result)
    return { notes: [note([...path, 'sli', 'events'], `${partName[result.part]}: ${result.reason}`)] }
  const rules = slothRules(used, slo)
  const isUsable = rules.every((rule) => burnRateCondition.safeParse(rule.condition).success)
  if (!isUsable) return { notes: [note(path, 'windows of less than a minute or of parts of a second')] }
  return {
    slo: {
      slug,
      name: shortName(slo.name),
      description: slo.description.slice(0, 2000),
      service,
      sli: result.sli,
      target: fractionOf(slo.objective),
      window: { kind: 'rolling', days },
      furtherObjectives: [],
      rules,
    },
    notes: slo.hasPlugins
      ? [{ effect: 'not_used', path, message: 'SLO plugins change rules that Nines does not make' }]
      : [],
  }
}

const partName = { numerator: 'the error query', total: 'the total query' }

function otherReason(other: SlothSlo['other']): string {
  return other === 'plugin'
    ? 'an SLI plugin is code of Sloth'
    : 'raw: a ratio computed in a query has lost the counts that it came from; write it as events'
}

function note(path: PropertyKey[], message: string): Note {
  return { effect: 'not_evaluated', path, message }
}
