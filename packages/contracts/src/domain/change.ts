import { z } from 'zod'

export const changeKind = z.enum(['deploy', 'config', 'feature_flag'])
export type ChangeKind = z.infer<typeof changeKind>

/** How it became known: somebody told the API, or spans carried a `service.version` not seen before. */
export const changeSource = z.enum(['api', 'spans'])
export type ChangeSource = z.infer<typeof changeSource>

/** A change as a mark on a chart. */
export const changeMark = z.object({
  id: z.string(),
  kind: changeKind,
  title: z.string(),
  version: z.string().nullable(),
  environment: z.string(),
  author: z.string().nullable(),
  url: z.string().nullable(),
  /** Epoch ms. */
  at: z.number(),
  endedAt: z.number().nullable(),
})
export type ChangeMark = z.infer<typeof changeMark>
