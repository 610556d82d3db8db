import { z } from 'zod'

/**
 * Names follow RFC 1123 as the specification demands at least; upper case is let in besides, since its own examples use it
 * (`OnCallDevopsMailNotification`).
 */
export const objectName = z
  .string()
  .regex(/^[A-Za-z0-9]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?$/, 'use letters, digits and hyphens, at most 63 characters')

export const description = z.string().max(1050, 'is longer than 1050 characters').optional()

const labelKey = z
  .string()
  .regex(
    /^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/,
    'is not a label key: letters, digits, hyphens, dots and underscores between two letters or digits, at most 63',
  )
const labelValue = z.union([z.string(), z.array(z.string())], { error: 'must be text or a list of texts' })

const ANNOTATION =
  /^(?=(?:[^/]{0,253}\/)?[^/]{0,63}$)(?:[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*\/)?[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$/
const annotationKey = z.string().regex(ANNOTATION, 'is not an annotation key such as example.com/name')

export const metadata = z.strictObject({
  name: objectName,
  displayName: z.string().max(63, 'is longer than 63 characters').optional(),
  labels: z.record(labelKey, labelValue).optional(),
  annotations: z.record(annotationKey, z.string()).optional(),
})
export type Metadata = z.infer<typeof metadata>

/** Minutes, hours, days, weeks, months, quarters or years: `30d`, `1M`. */
export const duration = z
  .string()
  .regex(/^\d{1,9}[mhdwMQY]$/, 'is not a duration such as 5m, 12h, 30d, 4w, 1M, 1Q or 1Y')

export const operator = z.enum(['gt', 'lt', 'gte', 'lte'])

/** The members that every document has. */
export function documentOf<K extends string, S extends z.ZodType>(kind: K, spec: S) {
  return z.strictObject({ apiVersion: z.literal('openslo/v1'), kind: z.literal(kind), metadata, spec })
}
