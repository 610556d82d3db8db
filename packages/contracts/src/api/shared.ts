import { z } from 'zod'

/** RFC 9457 problem details, with the fields at fault. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  requestId: z.string().optional(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
})
export type Problem = z.infer<typeof problem>

export const idParams = z.object({ id: z.string().min(1).max(64) })
export const ok = z.object({ ok: z.literal(true) })
/** Instants in the API are RFC 3339 in UTC. */
export const instant = z.iso.datetime({ offset: true })
export const slug = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'use a-z, 0-9 and hyphens, at most 63 characters')
export const name = z.string().trim().min(1).max(120)
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() })
export const userRef = z.object({ id: z.string(), name: z.string(), email: z.string() })
export const serviceRef = z.object({ id: z.string(), slug: z.string(), name: z.string() })
