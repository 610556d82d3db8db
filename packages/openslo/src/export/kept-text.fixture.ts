import type { CodeDocument } from '../load-code.ts'
import type { KeptText } from './export-code.ts'

/** A document as Nines keeps it once it was applied, with what it made. */
export function keptText({ format, kind, name, raw }: CodeDocument, made: Partial<KeptText> = {}): KeptText {
  const nothing = { slos: [], services: [], budgetPolicies: [], corrections: [] }
  return {
    id: `cod_${name}`,
    format,
    kind,
    name,
    file: raw.file,
    value: raw.value,
    text: raw.text,
    ...nothing,
    ...made,
  }
}
