import { sloDifferences } from '../plan/field-differences.ts'
import type { CodeState, KeptDocument, Live } from '../plan/plan-code.ts'
import type { DesiredSlo } from '../desired/desired.ts'
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
 * Services and SLOs as OpenSLO documents: those that code made as code wrote them, unless they have drifted or were
 * written in another format; everything else made from what holds now.
 */
export function exportOpenSlo({ services, slos, kept }: ExportState): string[] {
  const own = kept.filter((document) => document.format === 'openslo')
  const verbatim = own.filter((document) => !hasDrifted(document, slos))
  const covered = new Set(verbatim.flatMap((document) => document.slos).map((slo) => slo.id))
  const described = new Set(own.filter((document) => document.kind === 'Service').map((document) => document.name))
  const drifted = own.filter((document) => !verbatim.includes(document))
  return [
    ...services.filter((service) => !described.has(service.slug)).map((service) => yamlOf(openSloOfService(service))),
    ...verbatim.map((document) => document.text),
    ...slos
      .filter((slo) => !covered.has(slo.id))
      .map((slo) => `${originOf(slo, kept, drifted)}${yamlOf(openSloOfSlo(slo))}`),
    ...lost(kept),
  ]
}

/** A DataSource for those who may not see how to connect to it. */
export function hideConnections({ value, text }: KeptText): string {
  if (!isRecord(value) || !isRecord(value['spec'])) return text
  const spec = { ...value['spec'], connectionDetails: 'hidden: takes an editor or a key with scope write' }
  return yamlOf({ ...value, spec })
}

function hasDrifted(document: KeptDocument, slos: readonly Live<DesiredSlo>[]): boolean {
  return document.slos.some(({ id, applied }) => {
    const live = slos.find((slo) => slo.id === id)
    return live === undefined || sloDifferences(applied, live).length > 0
  })
}

function originOf({ id }: { id: string }, kept: readonly KeptText[], drifted: readonly KeptText[]): string {
  const document = kept.find((one) => one.slos.some((slo) => slo.id === id))
  if (document === undefined) return ''
  const why = drifted.includes(document) ? 'was changed in Nines since it was applied from' : 'was applied from'
  return `# ${why} ${oneLine(document.file)} (${document.format})\n`
}

/** What Sloth and Pyrra files hold and Nines does not compute has no OpenSLO form here: say so, lose nothing silently. */
function lost(kept: readonly KeptText[]): string[] {
  const others = kept.filter((document) => document.format !== 'openslo' && document.slos.length === 0)
  if (others.length === 0) return []
  const lines = others.map(
    (document) => `# not in OpenSLO: ${oneLine(document.name)} (${document.format}, ${oneLine(document.file)})`,
  )
  return [`${lines.join('\n')}\n# They are in the export of format "original".\n`]
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ')
}
