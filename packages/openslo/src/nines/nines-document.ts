import { z } from 'zod'

/** The version of documents that are Nines' own. */
export const NINES_VERSION = 'nines/v1'

/** The members that every document of Nines' own has. */
export function documentOfNines<K extends string, M extends z.ZodType, S extends z.ZodType>(
  kind: K,
  metadata: M,
  spec: S,
) {
  return z.strictObject({ apiVersion: z.literal(NINES_VERSION), kind: z.literal(kind), metadata, spec })
}
