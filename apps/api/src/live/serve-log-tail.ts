import { LOG_TAIL_PATH, logFilter } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import { tailLogs } from '@nines/telemetry'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { authenticateInWorkspace } from '../auth/authenticate.ts'
import type { ApiContext } from '../context.ts'

const HEARTBEAT_MS = 15_000
/** Each looks into the store every second. */
const MAX_TAILS = 50
const MAX_BUFFERED_BYTES = 1024 * 1024

/**
 * Server-sent events of log records as they arrive, within two seconds of their storage. EventSource cannot send headers or a
 * body, so everything is in the query. Access is checked when the stream opens and again at every heartbeat.
 */
export function serveLogTail(server: FastifyInstance, context: ApiContext): void {
  const tails = new Set<AbortController>()
  server.get(LOG_TAIL_PATH, { schema: { hide: true } }, async (request, reply) => {
    const query = request.query as Record<string, string | undefined>
    const admit = () =>
      authenticateInWorkspace(
        context,
        request,
        { role: 'viewer', scope: 'read' },
        ...(query.workspace === undefined ? [] : [query.workspace]),
      )
    const { workspace } = await admit()
    const filter = parseFilter(query)
    if (tails.size >= MAX_TAILS)
      throw new NinesError('unavailable', 'too many live tails are open', { retryAfterSeconds: 30 })
    const ending = new AbortController()
    tails.add(ending)
    open(reply)
    const heartbeat = setInterval(() => void beat(reply, admit, ending), HEARTBEAT_MS)
    reply.raw.once('close', () => ending.abort())
    try {
      const found = tailLogs(context.telemetry, { ...filter, workspace: workspace.number }, Date.now, {
        signal: ending.signal,
      })
      for await (const { records, skipped } of found)
        write(reply, `event: logs\ndata: ${JSON.stringify({ items: records, skipped })}\n\n`)
    } catch (error) {
      // The browser comes back by itself, and hears then why.
      if (!ending.signal.aborted) context.logger.warn({ err: error, requestId: request.id }, 'a live tail broke off')
    } finally {
      clearInterval(heartbeat)
      tails.delete(ending)
      reply.raw.end()
    }
  })
  server.addHook('preClose', async () => {
    for (const ending of tails) ending.abort()
  })
}

function parseFilter({ text, minSeverity, services, attributes, traceId }: Query) {
  const parsed = logFilter.safeParse({
    ...(text !== undefined && { text }),
    ...(minSeverity !== undefined && { minSeverity }),
    ...(traceId !== undefined && { traceId }),
    ...(services !== undefined && { services: services.split(',').filter((service) => service !== '') }),
    ...(attributes !== undefined && { attributes: parseJson(attributes) }),
  })
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => ({ path: ['query', ...path].join('/'), message }))
  throw new NinesError('invalid', issues.map((issue) => `${issue.path}: ${issue.message}`).join('; '), { issues })
}

type Query = Partial<Record<'text' | 'minSeverity' | 'services' | 'attributes' | 'traceId', string>>

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function beat(reply: FastifyReply, admit: () => Promise<unknown>, ending: AbortController): Promise<void> {
  try {
    await admit()
  } catch (error) {
    // A store that is away is no reason to turn people out.
    if (error instanceof NinesError && error.status < 500) return ending.abort()
  }
  write(reply, ': still here\n\n')
}

function open(reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    connection: 'close',
  })
  reply.raw.write('retry: 2000\n\n')
}

function write(reply: FastifyReply, text: string): void {
  if (reply.raw.writableLength > MAX_BUFFERED_BYTES) reply.raw.destroy()
  else if (!reply.raw.writableEnded) reply.raw.write(text)
}
