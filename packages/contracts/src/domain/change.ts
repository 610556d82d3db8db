import { z } from 'zod'

export const changeKind = z.enum(['deploy', 'config', 'feature_flag'])
export type ChangeKind = z.infer<typeof changeKind>

/** How it became known: somebody told the API, or spans carried a `service.version` not seen before. */
export const changeSource = z.enum(['api', 'spans'])
export type ChangeSource = z.infer<typeof changeSource>
