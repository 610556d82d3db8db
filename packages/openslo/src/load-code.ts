import type { Mapped } from './desired/desired.ts'
import { lookupIn } from './openslo/lookup.ts'
import { prometheusSeconds } from './prometheus/prometheus-duration.ts'
import type { Finding } from './read/problem.ts'
import { readDocuments, type CodeFile, type RawDocument } from './read/read-documents.ts'
import { isForeign, shapeDocument, type CodeFormat, type Context } from './shape-document.ts'

/** A document that is valid in its format, and what it comes to in Nines. */
export interface CodeDocument extends Mapped {
  format: CodeFormat
  kind: string
  /** Unique among documents of its format and kind; with the namespace before it where there is one. */
  name: string
  raw: RawDocument
  /** Line at which it begins. */
  line: number
}

export interface LoadOptions {
  /** Period of Sloth's SLOs, e.g. `28d`; Sloth takes it from its command line. */
  slothPeriod?: string
  /** Documents that are not in these files but known, for references. */
  known?: readonly CodeFile[]
  /** Passes over objects of other software, as folders hold them, instead of refusing them. */
  skipForeign?: boolean
}

export interface LoadedCode {
  documents: CodeDocument[]
  /** Everything wrong; with any, nothing may be applied. */
  problems: Finding[]
  /** Objects of other software that were passed over. */
  skipped: Finding[]
}

export const DEFAULT_SLOTH_PERIOD = '30d'

/** Reads files of OpenSLO v1, Sloth, Pyrra and nines/v1. Names refer across files, and to `known` ones. */
export function loadCode(files: readonly CodeFile[], options: LoadOptions = {}): LoadedCode {
  const { shaped, skipped, problems } = shapeFiles(files, options.skipForeign ?? false)
  const known = shapeFiles(options.known ?? [], true).shaped
  const all = [...shaped, ...known]
  const context: Context = {
    lookup: lookupIn(all.flatMap((one) => one.openSlo ?? [])),
    windows: all.flatMap((one) => one.windows ?? []),
    periodSeconds: prometheusSeconds(options.slothPeriod ?? DEFAULT_SLOTH_PERIOD) ?? 0,
  }
  const documents = shaped.map(({ raw, format, kind, name, map }) => ({
    ...map(context),
    format,
    kind,
    name,
    raw,
    line: raw.at([], '').line,
  }))
  const { kept, problems: repeated } = withoutReplaced(documents)
  return { documents: kept, skipped, problems: [...problems, ...repeated, ...repeatedSlugs(kept)] }
}

function shapeFiles(files: readonly CodeFile[], skipForeign: boolean) {
  const read = files.map(readDocuments)
  const [own, foreign] = partition(
    read.flatMap((one) => one.documents),
    (raw) => !skipForeign || !isForeign(raw),
  )
  const results = own.map(shapeDocument)
  return {
    shaped: results.flatMap((result) => result.shaped ?? []),
    skipped: foreign.map((raw) =>
      raw.at(['apiVersion'], `${JSON.stringify(raw.value['apiVersion'] ?? 'none')} is not SLO code`),
    ),
    problems: [...read.flatMap((one) => one.problems), ...results.flatMap((result) => result.problems)],
  }
}

/** The documents of which a file says nothing later; a later one of the same name takes an earlier one's place. */
function withoutReplaced(documents: readonly CodeDocument[]): { kept: CodeDocument[]; problems: Finding[] } {
  const newest = new Map<string, CodeDocument>()
  const problems: Finding[] = []
  for (const document of documents) {
    const key = `${document.format} ${document.kind} ${document.name}`
    const before = newest.get(key)
    if (before !== undefined && before.raw.file !== document.raw.file) {
      const where = `${before.raw.file}:${before.line}`
      problems.push(document.raw.at(['metadata', 'name'], `${document.kind} ${document.name} is in ${where} already`))
      continue
    }
    if (before !== undefined) {
      const message = `${document.kind} ${document.name} comes again at line ${document.line}, which takes this one's place`
      document.notes.push({ effect: 'changed', path: ['metadata', 'name'], message })
    }
    newest.set(key, document)
  }
  const kept = new Set(newest.values())
  return { kept: documents.filter((document) => kept.has(document)), problems }
}

function repeatedSlugs(documents: readonly CodeDocument[]): Finding[] {
  const owners = new Map<string, string>()
  return documents.flatMap((document) =>
    document.slos.flatMap(({ slug }) => {
      const owner = owners.get(slug)
      owners.set(slug, owner ?? `${document.raw.file}:${document.line}`)
      return owner === undefined ? [] : document.raw.at([], `makes an SLO "${slug}", which ${owner} makes already`)
    }),
  )
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))]
}
