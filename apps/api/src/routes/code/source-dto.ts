import type { CodeField, CodeSource } from '@nines/contracts'
import type { StoredCodeDocument } from '@nines/records'

/** The document that something comes from, as the API tells it. */
export function sourceDto(document: StoredCodeDocument, drift: CodeField[]): CodeSource {
  const { id: documentId, format, kind, name, file, commit, appliedAt, appliedBy } = document
  return { documentId, format, kind, name, file, commit, appliedAt, appliedBy, drift }
}
