import { z } from 'zod'
import { route } from './route.ts'
import { idParams, instant, listOf, ok } from './shared.ts'

const tag = 'Telemetry'

/** A block of telemetry that could not be stored and was set aside so that the rest could go on. */
export const deadLetterDto = z.object({
  id: z.string(),
  at: instant,
  /** When ingest received it. */
  receivedAt: instant,
  reason: z.string(),
  rows: z.number().int(),
  /** Bytes of the block. */
  size: z.number().int(),
})
export type DeadLetterDto = z.infer<typeof deadLetterDto>

export const listDeadLetters = route({
  id: 'listDeadLetters',
  method: 'GET',
  path: '/api/v1/dead-letters',
  tag,
  summary: 'Telemetry that could not be stored, newest first',
  access: { role: 'editor', scope: 'read' },
  response: listOf(deadLetterDto),
})
export const replayDeadLetter = route({
  id: 'replayDeadLetter',
  method: 'POST',
  path: '/api/v1/dead-letters/:id/replay',
  tag,
  summary: 'Put a dead letter back into the stream',
  access: { role: 'admin', scope: 'write' },
  params: idParams,
  response: ok,
})
export const discardDeadLetter = route({
  id: 'discardDeadLetter',
  method: 'DELETE',
  path: '/api/v1/dead-letters/:id',
  tag,
  summary: 'Drop a dead letter for good',
  access: { role: 'admin', scope: 'write' },
  params: idParams,
  response: ok,
})
