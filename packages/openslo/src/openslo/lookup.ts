import type { OpenSloDocument, OpenSloKind } from '../schema/openslo-document.ts'

/** Finds an OpenSLO object by kind and name: in the files at hand, then among what Nines keeps. */
export type Lookup = <K extends OpenSloKind>(kind: K, name: string) => OpenSloDocument<K> | undefined

/** Finds among these; the first of a kind and name wins. */
export function lookupIn(documents: readonly OpenSloDocument[]): Lookup {
  const byKey = new Map<string, OpenSloDocument>()
  for (const document of documents) {
    const key = `${document.kind} ${document.metadata.name}`
    if (!byKey.has(key)) byKey.set(key, document)
  }
  return <K extends OpenSloKind>(kind: K, name: string) =>
    byKey.get(`${kind} ${name}`) as OpenSloDocument<K> | undefined
}
