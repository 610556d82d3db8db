import { documentOfPolicy } from '../nines/budget-policy.ts'
import { documentOfCorrection } from '../nines/correction.ts'
import { correctionDifferences, policyDifferences, sloDifferences } from '../plan/field-differences.ts'
import type { CodeState, KeptDocument, Live } from '../plan/planned.ts'
import { isRecord, yamlOf } from '../read/read-documents.ts'
import { openSloOfService, openSloOfSlo } from './openslo-of-slo.ts'

/** A document that was applied, with its text. */
export type KeptText = KeptDocument & { text: string }

export interface ExportState extends Omit<CodeState, 'kept'> {
  kept: readonly KeptText[]
}

/** Everything as it was applied: OpenSLO, Sloth and Pyrra, comments and all. */
export function exportOriginal({ kept }: Pick<ExportState, 'kept'>): string[] {
  return kept.map((document) => document.text)
}

/**
 * Services and SLOs as OpenSLO documents; budget policies and corrections, for which OpenSLO has no words, as documents of
 * Nines. Those that code made are as code wrote them, unless they have drifted or were written in another format; everything
 * else is made from what holds now.
 */
export function exportOpenSlo({ kept, ...live }: ExportState): string[] {
  const own = kept.filter(hasWords)
  const verbatim = own.filter((document) => !hasDrifted(document, live))
  const covered = new Set(verbatim.flatMap(idsOf))
  const described = new Set(own.filter((document) => document.kind === 'Service').map((document) => document.name))
  const drifted = own.filter((document) => !verbatim.includes(document))
  const made = <T extends { id: string }>(things: readonly T[], documentOf: (thing: T) => object) =>
    things
      .filter(({ id }) => !covered.has(id))
      .map((thing) => `${originOf(thing, kept, drifted)}${yamlOf(documentOf(thing))}`)
  return [
    ...live.services
      .filter((service) => !described.has(service.slug))
      .map((service) => yamlOf(openSloOfService(service))),
    ...verbatim.map((document) => document.text),
    ...made(live.budgetPolicies, documentOfPolicy),
    ...made(live.slos, openSloOfSlo),
    ...made(live.corrections, documentOfCorrection),
    ...lost(kept),
  ]
}

function idsOf({ slos, budgetPolicies, corrections }: KeptDocument): string[] {
  return [...slos, ...budgetPolicies, ...corrections].map(({ id }) => id)
}

/** Documents of the formats that an export is in. */
function hasWords({ format }: KeptText): boolean {
  return format === 'openslo' || format === 'nines'
}

/** A DataSource for those who may not see how to connect to it. */
export function hideConnections({ value, text }: KeptText): string {
  if (!isRecord(value) || !isRecord(value['spec'])) return text
  const spec = { ...value['spec'], connectionDetails: 'hidden: takes an editor or a key with scope write' }
  return yamlOf({ ...value, spec })
}

function hasDrifted(document: KeptDocument, live: Omit<ExportState, 'kept'>): boolean {
  return (
    differ(document.slos, live.slos, sloDifferences) ||
    differ(document.budgetPolicies, live.budgetPolicies, policyDifferences) ||
    differ(document.corrections, live.corrections, correctionDifferences)
  )
}

/** Whether something that was made is not there, or otherwise. */
function differ<T>(
  made: readonly { id: string; applied: T }[],
  live: readonly Live<T>[],
  differences: (before: T, after: T) => readonly unknown[],
): boolean {
  return made.some(({ id, applied }) => {
    const found = live.find((one) => one.id === id)
    return found === undefined || differences(applied, found).length > 0
  })
}

function originOf({ id }: { id: string }, kept: readonly KeptText[], drifted: readonly KeptText[]): string {
  const document = kept.find((one) => idsOf(one).includes(id))
  if (document === undefined) return ''
  const why = drifted.includes(document) ? 'was changed in Nines since it was applied from' : 'was applied from'
  return `# ${why} ${oneLine(document.file)} (${document.format})\n`
}

/** What Sloth and Pyrra files hold and Nines does not compute has no OpenSLO form here: say so, lose nothing silently. */
function lost(kept: readonly KeptText[]): string[] {
  const others = kept.filter((document) => !hasWords(document) && document.slos.length === 0)
  if (others.length === 0) return []
  const lines = others.map(
    (document) => `# not in OpenSLO: ${oneLine(document.name)} (${document.format}, ${oneLine(document.file)})`,
  )
  return [`${lines.join('\n')}\n# They are in the export of format "original".\n`]
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
