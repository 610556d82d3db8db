import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { connectRedis } from '@nines/pipeline'
import { useServices } from '@nines/testkit'
import { afterAll, expect, test, vi } from 'vitest'
import { answerInTime } from './replica-heartbeat.ts'

const services = await useServices()
const redis = connectRedis(services.redisUrl)

afterAll(() => redis.disconnect())

function standStill(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('an answer that came while this process stood still is in time, and its connection is kept', async () => {
  await redis.ping()
  const closed = vi.fn()
  redis.on('close', closed)
  const answer = answerInTime(redis, redis.ping(), 30)
  // What was asked leaves at the end of this turn.
  await new Promise((resolve) => process.nextTick(resolve))
  standStill(200)
  expect(await answer).toBe('PONG')
  expect(closed).not.toHaveBeenCalled()
})

test('who says nothing is given up', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const silent = connectRedis(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`)
  await expect(answerInTime(silent, silent.ping(), 50)).rejects.toThrow('did not answer a heartbeat within 50 ms')
  silent.disconnect()
  server.close()
})
