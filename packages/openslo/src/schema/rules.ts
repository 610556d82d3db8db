import { z } from 'zod'
import { isRecord } from '../read/read-documents.ts'

/** Rules across members run whatever else is wrong, so that one reading finds everything. */
const always = () => true

/** Exactly one of the members must be there. */
export function exactlyOne<S extends z.ZodType>(schema: S, ...members: string[]): S {
  const isOneOf = `give ${members.length === 2 ? 'either' : 'one of'} ${listOf(members)}`
  const ruled = schema
    .refine((value) => !isRecord(value) || presentOf(value, members).length > 0, { message: isOneOf, when: always })
    .refine((value) => !isRecord(value) || presentOf(value, members).length < 2, {
      message: `${isOneOf}, not both`,
      when: always,
    })
  return ruled.meta({ oneOf: members.map((member) => ({ required: [member] })) })
}

/** A rule across members, told at `path` below the schema's own. */
export function rule<S extends z.ZodType>(
  schema: S,
  holds: (value: Record<string, unknown>) => boolean,
  message: string,
  path: PropertyKey[] = [],
): S {
  return schema.refine((value) => !isRecord(value) || holds(value), { message, path, when: always })
}

function presentOf(value: Record<string, unknown>, members: string[]): string[] {
  return members.filter((member) => value[member] !== undefined)
}

function listOf(members: string[]): string {
  return members.join(', ').replace(/, ([^,]*)$/, ' or $1')
}
