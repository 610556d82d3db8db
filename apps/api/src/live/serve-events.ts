import { LIVE_EVENTS_PATH } from '@nines/contracts'
import { NinesError } from '@nines/kernel'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { authenticateInWorkspace } from '../auth/authenticate.ts'
import type { WorkspaceCaller } from '../auth/caller.ts'
import type { ApiContext } from '../context.ts'
import type { LiveHub } from './live-hub.ts'

const HEARTBEAT_MS = 15_000
/** A reader this far behind is disconnected; it fetches everything anew when it returns. */
const MAX_BUFFERED_BYTES = 256 * 1024
const MAX_STREAMS = 2_000

/**
 * Server-sent events of one workspace: `event: live` with a LiveEvent as data, a comment every 15 s. EventSource cannot
 * send headers, so the workspace may also be named by `?workspace=`. Access is checked when the stream opens and again
 * at every heartbeat, so that a revoked key or an ended session stops hearing within 15 s. Streams end when the server stops.
 */
export function serveEvents(server: FastifyInstance, context: ApiContext, hub: LiveHub): void {
  const streams = new Set<FastifyReply>()
  server.get(LIVE_EVENTS_PATH, { schema: { hide: true } }, async (request, reply) => {
    const slug = (request.query as { workspace?: unknown }).workspace
    const admit = (): Promise<WorkspaceCaller> =>
      authenticateInWorkspace(
        context,
        request,
        { role: 'viewer', scope: 'read' },
        ...(typeof slug === 'string' ? [slug] : []),
      )
    const { workspace } = await admit()
    if (streams.size >= MAX_STREAMS)
      throw new NinesError('unavailable', 'too many live streams are open', { retryAfterSeconds: 30 })
    reply.hijack()
    streams.add(reply)
    open(reply)
    const unlisten = hub.listen(workspace.id, (event) =>
      write(reply, `event: live\ndata: ${JSON.stringify(event)}\n\n`),
    )
    const heartbeat = setInterval(() => {
      admit().then(
        () => write(reply, ': still here\n\n'),
        (error: unknown) => {
          // A store that is away is no reason to turn people out.
          if (error instanceof NinesError && error.status < 500) reply.raw.end()
          else write(reply, ': still here\n\n')
        },
      )
    }, HEARTBEAT_MS)
    reply.raw.on('close', () => {
      clearInterval(heartbeat)
      unlisten()
      streams.delete(reply)
    })
  })
  server.addHook('preClose', async () => {
    for (const reply of streams) reply.raw.end()
  })
}

function open(reply: FastifyReply): void {
  reply.raw.writeHead(200, {
    ...(reply.getHeaders() as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    // An ended stream leaves no idle connection that a stopping server would wait for.
    connection: 'close',
  })
  reply.raw.write('retry: 2000\n\n')
}

function write(reply: FastifyReply, text: string): void {
  if (reply.raw.writableLength > MAX_BUFFERED_BYTES) reply.raw.destroy()
  else if (!reply.raw.writableEnded) reply.raw.write(text)
}
