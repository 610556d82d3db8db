import { existsSync } from 'node:fs'
import path from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { replyNotFound } from './problem-replies.ts'

const ONE_YEAR = 'public, max-age=31536000, immutable'

/**
 * Serves the built dashboard: hashed assets for ever, everything else revalidated. A path that is no file and not the
 * API's gets index.html, since the dashboard routes by itself. Without a built dashboard every such path is a 404.
 */
export async function serveWeb(server: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder === undefined || !existsSync(path.join(folder, 'index.html'))) {
    server.setNotFoundHandler(replyNotFound)
    return
  }
  const root = path.resolve(folder)
  await server.register(fastifyStatic, {
    root,
    index: ['index.html'],
    cacheControl: false,
    schemaHide: true,
    setHeaders: (reply, file) => void reply.header('cache-control', cachingOf(path.relative(root, file))),
  })
  server.setNotFoundHandler((request, reply) => {
    const isPage = request.method === 'GET' || request.method === 'HEAD'
    return isPage && !/^\/(api|assets)\//.test(request.url) ? sendPage(reply) : replyNotFound(request, reply)
  })
}

function cachingOf(file: string): string {
  return file.startsWith('assets/') ? ONE_YEAR : 'no-cache'
}

function sendPage(reply: FastifyReply): FastifyReply {
  return reply.header('cache-control', 'no-cache').sendFile('index.html')
}
