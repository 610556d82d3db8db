import { isDeepStrictEqual } from 'node:util'
import {
  isMap,
  isNode,
  isSeq,
  LineCounter,
  parse,
  parseAllDocuments,
  stringify,
  type Document,
  type ParsedNode,
} from 'yaml'
import { messageOf } from '@nines/kernel'
import { pathText, type Finding } from './problem.ts'

/** A file of code: YAML or JSON, one document or many. */
export interface CodeFile {
  /** As shown to people, e.g. its path in the repository. */
  path: string
  content: string
}

/** One object of a file, before anybody knows what it means. */
export interface RawDocument {
  file: string
  /** Number of the object in its file, from 1. */
  document: number
  /** Its own text: YAML that reads as this one object, comments kept where it was a document of its own. */
  text: string
  value: Record<string, unknown>
  /** A finding at a path; where the path does not exist, at the nearest thing around it that does. */
  at(path: readonly PropertyKey[], message: string): Finding
}

export interface ReadResult {
  documents: RawDocument[]
  problems: Finding[]
}

/** YAML that expands beyond this is an attack, not a configuration. */
const MAX_ALIASES = 50
const MAX_DOCUMENTS = 2000

/**
 * Splits a file into its objects: YAML documents, elements of a top-level sequence, items of a Kubernetes `List`. JSON is
 * read as the YAML that it is. Strings stay strings (YAML 1.2): neither `yes` nor a date turns into something else.
 */
export function readDocuments({ path: file, content }: CodeFile): ReadResult {
  const counter = new LineCounter()
  const result: ReadResult = { documents: [], problems: [] }
  let parsed: Document.Parsed[]
  try {
    const all = parseAllDocuments(content, { lineCounter: counter, uniqueKeys: true, prettyErrors: false })
    parsed = Array.isArray(all) ? (all as Document.Parsed[]) : []
  } catch (error) {
    // Nesting deeper than the stack.
    result.problems.push({ file, document: 1, line: 1, path: '', message: `cannot be read: ${messageOf(error)}` })
    return result
  }
  const lineAt = (offset: number | undefined) => counter.linePos(offset ?? 0).line
  let start = 0
  for (const document of parsed) {
    const source = content.slice(start, document.range[2])
    start = document.range[2]
    const number = result.documents.length + 1
    for (const error of document.errors)
      result.problems.push({ file, document: number, line: lineAt(error.pos[0]), path: '', message: error.message })
    if (document.errors.length > 0 || document.contents === null) continue
    readParts(document, source)
  }
  return result

  function readParts(document: Document.Parsed, source: string): void {
    const root = document.contents
    const value = valueOf(document)
    const base = { file, document: result.documents.length + 1, line: lineAt(root?.range?.[0]), path: '' }
    if (value === undefined)
      return void result.problems.push({ ...base, message: 'has too many aliases or is too deep' })
    // A document of comments alone.
    if (value === null) return
    for (const part of partsOf(value, root)) {
      if (result.documents.length >= MAX_DOCUMENTS)
        return void result.problems.push({ ...base, message: `holds more than ${MAX_DOCUMENTS} objects` })
      const number = result.documents.length + 1
      if (!isRecord(part.value)) {
        result.problems.push({ ...base, document: number, line: lineOf(part.path), message: 'is not an object' })
        continue
      }
      result.documents.push({
        file,
        document: number,
        text: part.path.length === 0 ? ownText(source, part.value) : yamlOf(part.value),
        value: part.value,
        at: (path, message) => ({
          file,
          document: number,
          line: lineOf([...part.path, ...path]),
          path: pathText(path),
          message,
        }),
      })
    }

    function lineOf(path: readonly PropertyKey[]): number {
      for (let length = path.length; length > 0; length--) {
        const offset = offsetOf(document, path.slice(0, length))
        if (offset !== undefined) return lineAt(offset)
      }
      return lineAt(root?.range?.[0])
    }
  }
}

/** Objects as YAML that readers of YAML 1.1 understand the same way. */
export function yamlOf(value: unknown): string {
  return stringify(value, { lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false })
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueOf(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch {
    return undefined
  }
}

interface Part {
  value: unknown
  path: PropertyKey[]
}

function partsOf(value: unknown, root: ParsedNode | null): Part[] {
  if (Array.isArray(value) && isSeq(root)) return value.map((item: unknown, i) => ({ value: item, path: [i] }))
  if (isRecord(value) && isMap(root) && value['apiVersion'] === 'v1' && Array.isArray(value['items']))
    return value['items'].map((item: unknown, i) => ({ value: item, path: ['items', i] }))
  return [{ value, path: [] }]
}

/** Start of the key that names a member, or of the element itself. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path.at(-1)
  if (isMap(parent)) {
    const pair = parent.items.find((item) => String(isNode(item.key) ? item.key.toJSON() : item.key) === String(last))
    return isNode(pair?.key) ? pair.key.range?.[0] : undefined
  }
  const node = document.getIn(path, true)
  return isNode(node) ? node.range?.[0] : undefined
}

const HAS_BLOCK_OR_DIRECTIVE = /[|>][-+\d]*[^\S\n]*(?:#.*)?$|^%/m

/** The text of one document without the marks around it (`---`, `...`, directives), comments before it kept. */
function ownText(text: string, value: unknown): string {
  const lines = text.split('\n')
  const mark = lines.findIndex((line) => !/^\s*(?:#|$)|^%/.test(line))
  const start = lines[mark]?.startsWith('---') ? mark : -1
  const before = lines.slice(0, Math.max(start, 0)).filter((line) => line.startsWith('#'))
  const first = start === -1 ? [] : [(lines[start] ?? '').slice(3).trim()].filter((rest) => rest !== '')
  const own = [...before, ...first, ...lines.slice(start + 1)].join('\n').replace(/\n\.\.\.\s*$/, '')
  const trimmed = `${own.replace(/^(?:\s*\n)+/, '').trimEnd()}\n`
  // Blank lines at the end can belong to a block of text, and a directive can change what follows.
  if (!HAS_BLOCK_OR_DIRECTIVE.test(text)) return trimmed
  return isDeepStrictEqual(parse(trimmed, { logLevel: 'silent' }), value) ? trimmed : yamlOf(value)
}
