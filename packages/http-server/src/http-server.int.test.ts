import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { fastify, type FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { startHealthServer } from './health-server.ts'
import { stoppable } from './stoppable.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})
const address = { host: '127.0.0.1', port: 0 }
const bodyOf = async (url: string) => {
  const answer = await fetch(url)
  return [answer.status, await answer.json()]
}

test('health and readiness differ: a process lives whatever its stores do', async () => {
  let redis = async (): Promise<unknown> => 'PONG'
  const { url, stop } = await startHealthServer(
    address,
    { redis: () => redis(), postgres: async () => 1 },
    { patienceMs: 50 },
  )
  closing.push(stop)
  expect(await bodyOf(`${url}/readyz`)).toEqual([200, { status: 'ready', stores: { redis: 'ok', postgres: 'ok' } }])
  redis = async () => {
    throw new Error('it is away')
  }
  expect(await bodyOf(`${url}/readyz`)).toEqual([
    503,
    { status: 'unready', stores: { redis: 'it is away', postgres: 'ok' } },
  ])
  redis = () => new Promise(() => undefined)
  expect(await bodyOf(`${url}/readyz`)).toMatchObject([503, { stores: { redis: 'no answer within 50 ms' } }])
  expect(await bodyOf(`${url}/healthz`)).toEqual([200, { status: 'ok' }])
})

test('an app may be ready without one of its stores', async () => {
  const away = async () => {
    throw new Error('away')
  }
  const isReady = (states: Readonly<Record<string, string>>) => states.redis === 'ok'
  const { url, stop } = await startHealthServer(address, { redis: async () => 1, postgres: away }, { isReady })
  closing.push(stop)
  expect(await bodyOf(`${url}/readyz`)).toEqual([200, { status: 'ready', stores: { redis: 'ok', postgres: 'away' } }])
})

/** A server with a request that waits for `release`, reached over a kept connection that has been used before. */
async function startBusyServer() {
  const server: FastifyInstance = fastify({ return503OnClosing: false })
  const gate = Promise.withResolvers<string>()
  const arrived = Promise.withResolvers<void>()
  server.get('/quick', () => 'quick')
  server.get('/slow', () => {
    arrived.resolve()
    return gate.promise
  })
  const stop = stoppable(server, 1_000)
  const url = await server.listen(address)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  closing.push(() => agent.destroy())
  const ask = async (path: string) => {
    const [answer] = (await once(get(`${url}${path}`, { agent }), 'response')) as [IncomingMessage]
    answer.resume()
    await once(answer, 'end')
    return answer
  }
  expect((await ask('/quick')).headers.connection).toBe('keep-alive')
  const slow = ask('/slow')
  await arrived.promise
  return { url, stop, slow, release: () => gate.resolve('done') }
}

test('a stop answers what is under way and then hangs up, though the client would keep the connection', async () => {
  const { stop, slow, release } = await startBusyServer()
  const stopped = stop()
  release()
  const answer = await slow
  expect([answer.statusCode, answer.headers.connection]).toEqual([200, 'close'])
  await stopped
})

test('a stop does not wait for connections that never said anything, nor for ever for an answer', async () => {
  const { url, stop, slow } = await startBusyServer()
  slow.catch(() => undefined)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await once(socket, 'connect')
  const hungUp = once(socket, 'close')
  socket.on('error', () => undefined)
  await stop()
  await hungUp
  await expect(slow).rejects.toThrow('socket hang up')
})
