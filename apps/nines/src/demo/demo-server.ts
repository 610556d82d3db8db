import { NinesError } from '@nines/kernel'
import fastify, { type FastifyInstance } from 'fastify'
import { z } from 'zod'
import { inboxPage, runbookPage } from './inbox/inbox-page.ts'
import { Inbox } from './inbox/inbox.ts'
import type { Faults } from './shop/faults.ts'

export interface DemoServerOptions {
  faults: Faults
  dashboardUrl: string
  /** Why the demonstration is not ready; null when it is. */
  notReady: () => string | null
  /** Signing secrets of the inbox's channel, current first. */
  channelSecrets: () => Promise<string[]>
}

const serviceName = z.enum(['frontend', 'checkout', 'payments'])
const control = z.discriminatedUnion('action', [
  z.object({ action: z.literal('break'), service: serviceName, mode: z.enum(['errors', 'latency']) }),
  z.object({ action: z.literal('mend'), service: serviceName }),
])
export type DemoControl = z.infer<typeof control>

/**
 * The demo's own pages: webhook inbox, runbooks, health, and the control that `npm run demo` uses. The control takes
 * JSON only, which no foreign web page can send here without being asked.
 */
export function createDemoServer({
  faults,
  dashboardUrl,
  notReady,
  channelSecrets,
}: DemoServerOptions): FastifyInstance {
  const inbox = new Inbox()
  const server = fastify({ forceCloseConnections: true })
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => done(null, body))
  server.get('/healthz', () => ({ ok: true }))
  server.get('/readyz', (_, reply) => {
    const reason = notReady()
    return reply.code(reason === null ? 200 : 503).send({ ready: reason === null, reason })
  })
  server.get('/', (_, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(inboxPage({ messages: inbox.messages, broken: faults.state(), dashboardUrl, now: Date.now() })),
  )
  server.get('/runbooks/:service', (request, reply) => {
    const service = serviceName.safeParse((request.params as { service: string }).service)
    if (!service.success) return reply.code(404).send({ error: 'no such runbook' })
    return reply.type('text/html; charset=utf-8').send(runbookPage(service.data))
  })
  server.get('/messages', () => inbox.messages)
  server.post('/hooks/inbox', async (request, reply) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value ?? '')]),
    )
    const message = inbox.receive(request.body as string, headers, await channelSecrets(), Date.now())
    return reply.code(message.signatureProblem === null ? 204 : 401).send()
  })
  server.post('/control', (request) => {
    const command = readControl(request.body as string)
    if (command.action === 'break') faults.break(command.service, command.mode)
    else faults.mend(command.service)
    return { broken: faults.state() }
  })
  return server
}

function readControl(body: string): DemoControl {
  try {
    return control.parse(JSON.parse(body))
  } catch (cause) {
    throw new NinesError('invalid', 'give an action (break, mend), a service and for break a mode', { cause })
  }
}
