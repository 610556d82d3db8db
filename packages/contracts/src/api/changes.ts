import { z } from 'zod'
import { changeKind, changeSource } from '../domain/change.ts'
import { route } from './route.ts'
import { instant, listOf, serviceRef } from './shared.ts'

const tag = 'Changes'
const text = (most: number) => z.string().trim().min(1).max(most)

export const changeDto = z.object({
  id: z.string(),
  kind: changeKind,
  source: changeSource,
  /** The id that its sender knows it by. */
  externalId: z.string(),
  /** The service as its sender names it. */
  serviceName: z.string(),
  /** The catalogued service of that slug or name; null while there is none. */
  service: serviceRef.nullable(),
  /** Empty where none was given. */
  environment: z.string(),
  version: z.string().nullable(),
  title: z.string(),
  url: z.string().nullable(),
  author: z.string().nullable(),
  startedAt: instant,
  /** null: it took no time, or is not over. */
  endedAt: instant.nullable(),
  createdAt: instant,
})
export type ChangeDto = z.infer<typeof changeDto>

export const changeInput = z.object({
  externalId: text(200),
  service: text(200),
  environment: z.string().trim().max(100).default(''),
  kind: changeKind.default('deploy'),
  version: text(200).nullable().default(null),
  title: text(300).optional(),
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(2000)
    .nullable()
    .default(null),
  author: text(200).nullable().default(null),
  startedAt: instant.optional(),
  endedAt: instant.nullable().default(null),
})

export const recordChange = route({
  id: 'recordChange',
  method: 'POST',
  path: '/api/v1/changes',
  tag,
  summary: 'Record a deploy or change. Sent again with the same externalId it replaces what was said before',
  access: { role: 'editor', scope: 'write' },
  body: changeInput,
  response: changeDto,
})
export const listChanges = route({
  id: 'listChanges',
  method: 'GET',
  path: '/api/v1/changes',
  tag,
  summary: 'Deploys and changes, newest first',
  access: { role: 'viewer', scope: 'read' },
  query: z.object({
    /** Slug or name. */
    service: z.string().optional(),
    environment: z.string().optional(),
    kind: changeKind.optional(),
    source: changeSource.optional(),
    /** Under way at some time in [from, to). */
    from: instant.optional(),
    to: instant.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    cursor: z.string().max(64).optional(),
  }),
  response: listOf(changeDto),
})
