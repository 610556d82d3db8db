import { shortName, slugOf, type Mapped } from '../desired/desired.ts'
import type { OpenSloDocument } from '../schema/openslo-document.ts'
import type { Lookup } from './lookup.ts'
import { mapSlo } from './map-slo.ts'
import { descriptionOf, displayNameOf } from './whole-text.ts'

/** What an OpenSLO document comes to. Kinds that others refer to come to nothing by themselves. */
export function mapDocument(document: OpenSloDocument, lookup: Lookup): Mapped {
  if (document.kind === 'SLO') return mapSlo(document, lookup)
  if (document.kind === 'Service') return mapService(document)
  if (document.kind === 'DataSource')
    return nothing('Nines reads what is sent to it and connects to no source; connectionDetails are kept encrypted')
  if (document.kind === 'AlertNotificationTarget')
    return nothing('the escalation policy of the service says whom to page')
  // SLIs, policies and conditions take effect in the SLOs that refer to them.
  return { services: [], slos: [], notes: [] }
}

function mapService({ metadata, spec }: OpenSloDocument<'Service'>): Mapped {
  const slug = slugOf(metadata.name) ?? metadata.name
  const name = shortName(displayNameOf(metadata))
  return {
    services: [{ slug, name, description: descriptionOf(spec.description, metadata), isImplied: false }],
    slos: [],
    notes: [],
  }
}

function nothing(message: string): Mapped {
  return { services: [], slos: [], notes: [{ effect: 'not_used', path: [], message }] }
}
