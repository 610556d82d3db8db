import { startTcpGate, useServices } from '@nines/testkit'
import { afterAll, expect, test, vi } from 'vitest'
import { announceConfigChange, watchConfigChanges } from './config-signal.ts'
import { connectRedis } from './redis-connection.ts'

const services = await useServices()
const redis = connectRedis(services.redisUrl)
afterAll(() => redis.disconnect())

test('every watcher of the installation hears a change, nobody else does', async () => {
  const heard: string[] = []
  const watch = (prefix: string, name: string) =>
    watchConfigChanges({ redisUrl: services.redisUrl, prefix }, (topic) => heard.push(`${name} ${topic}`))
  const watches = [
    await watch(services.redisPrefix, 'a'),
    await watch(services.redisPrefix, 'b'),
    await watch(`${services.redisPrefix}-other`, 'c'),
  ]
  await announceConfigChange(redis, `${services.redisPrefix}-other`, 'keys')
  await announceConfigChange(redis, services.redisPrefix, 'slos')
  await vi.waitFor(() => expect([...heard].sort()).toEqual(['a slos', 'b slos', 'c keys']))
  await Promise.all(watches.map((w) => w.close()))
  await announceConfigChange(redis, services.redisPrefix, 'checks')
  expect(heard).toHaveLength(3)
})

test('a message that is no topic is reported and changes nothing', async () => {
  const problems: string[] = []
  const heard: string[] = []
  const watched = await watchConfigChanges(
    { redisUrl: services.redisUrl, prefix: services.redisPrefix, onError: (error) => problems.push(error.message) },
    (topic) => heard.push(topic),
  )
  await redis.publish(`${services.redisPrefix}:config-changed`, 'weather')
  await vi.waitFor(() => expect(problems).toEqual(['configuration change of an unknown topic: weather']))
  expect(heard).toEqual([])
  await watched.close()
})

test('what was announced while a watcher was cut off from Redis is not missed', async () => {
  const { hostname: host, port } = new URL(services.redisUrl)
  const gate = await startTcpGate({ host, port: Number(port) })
  const heard: string[] = []
  const watched = await watchConfigChanges(
    { redisUrl: `redis://127.0.0.1:${gate.port}`, prefix: services.redisPrefix },
    (topic) => heard.push(topic),
  )
  gate.shut()
  await announceConfigChange(redis, services.redisPrefix, 'telemetry')
  gate.open()
  await vi.waitFor(() => expect(heard).toContain('telemetry'), 10_000)
  expect(heard.sort()).toEqual(['channels', 'checks', 'keys', 'slos', 'telemetry'])
  await watched.close()
  gate.close()
})
