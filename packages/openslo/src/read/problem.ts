/** Something wrong in a document, or something in it that Nines does not evaluate: where and what. */
export interface Finding {
  file: string
  /** Number of the document in its file, from 1. */
  document: number
  /** Line in the file, from 1. */
  line: number
  /** Dotted with indexes, e.g. `spec.objectives[0].target`; empty for the document as a whole. */
  path: string
  message: string
}

/** `slo.yaml:14 (document 2) spec.objectives[0].target`: editors and terminals make the first part a link. */
export function whereOf({ file, document, line, path }: Finding): string {
  return `${file}:${line} (document ${document})${path === '' ? '' : ` ${path}`}`
}

/** A path as people write it. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`
    const name = String(part)
    const step = /^[A-Za-z_][\w-]*$/.test(name) ? name : `["${name}"]`
    return text === '' || step.startsWith('[') ? text + step : `${text}.${step}`
  }, '')
}
