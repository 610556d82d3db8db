import { createHash, timingSafeEqual } from 'node:crypto'
import { NinesError } from '@nines/kernel'
import type { TelemetryQuery } from '@nines/telemetry'
import type { FastifyInstance } from 'fastify'
import type { HeadOffice } from './head-office.ts'

export const HEAD_PATH = '/internal/head/query'

interface HeadRequest {
  workspace: number
  query: TelemetryQuery
}

/**
 * Answers queries of our own API: 200 with rows, 204 where the store has to be asked, 404 where another process holds the
 * head. Whoever asks proves to know the installation's secret. NaN, which JSON has no word for, is null.
 */
export function serveHead(server: FastifyInstance, office: HeadOffice, secret: string): void {
  server.post<{ Body: HeadRequest }>(HEAD_PATH, { logLevel: 'silent' }, async (request, reply) => {
    if (!isKnown(request.headers.authorization, secret)) return reply.status(401).send({ code: 'unauthenticated' })
    try {
      const answer = office.answer(request.body.workspace, request.body.query)
      if (!answer) return await reply.status(204).send()
      const rows = answer.rows.map(({ labels, values }) => ({ labels, values: Array.from(values) }))
      return await reply.type('application/json').send(JSON.stringify({ rows }))
    } catch (error) {
      if (!(error instanceof NinesError)) throw error
      return reply.status(error.status).send({ code: error.code })
    }
  })
}

function isKnown(authorization: string | undefined, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${secret}`))
}
