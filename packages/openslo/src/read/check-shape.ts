import type { z } from 'zod'
import type { Finding } from './problem.ts'
import { isRecord, type RawDocument } from './read-documents.ts'

type Checked<T> = { value: T; problems: [] } | { value: undefined; problems: Finding[] }

/** Holds a document to a schema. A member that is null counts as absent, as in Kubernetes and the OpenSLO SDK. */
export function checkShape<S extends z.ZodType>(document: RawDocument, schema: S): Checked<z.output<S>> {
  const result = schema.safeParse(withoutNulls(document.value))
  if (result.success) return { value: result.data, problems: [] }
  const problems = result.error.issues.flatMap((issue) => findingsOf(document, issue))
  return { value: undefined, problems }
}

/** What a field of free form holds stays as it is written, nulls too. */
const FREE_FORM = new Set(['connectionDetails'])

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (!isRecord(value)) return value
  const members = Object.entries(value).filter(([, member]) => member !== null)
  return Object.fromEntries(members.map(([key, member]) => [key, FREE_FORM.has(key) ? member : withoutNulls(member)]))
}

function findingsOf(document: RawDocument, issue: z.core.$ZodIssue): Finding[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => document.at([...issue.path, key], 'is not a field here'))
  if (issue.code === 'invalid_key') return [document.at(issue.path, issue.issues[0]?.message ?? 'is not a valid key')]
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined/.test(issue.message))
    return [document.at(issue.path, 'is required')]
  if (issue.code === 'invalid_value' && /^Invalid (option|input)/.test(issue.message))
    return [
      document.at(
        issue.path,
        `must be ${issue.values
          .map(String)
          .join(', ')
          .replace(/, ([^,]*)$/, ' or $1')}`,
      ),
    ]
  return [document.at(issue.path, issue.message)]
}
