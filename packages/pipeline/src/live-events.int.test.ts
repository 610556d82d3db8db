import type { LiveEvent } from '@nines/contracts'
import { useServices } from '@nines/testkit'
import { expect, test, vi } from 'vitest'
import { publishLive, subscribeLive } from './live-events.ts'
import { connectRedis } from './redis-connection.ts'

const services = await useServices()
const event: LiveEvent = { type: 'alert.changed', id: 'alt_1', at: 1 }

test('a listener hears the events of its installation, also after the connection was cut', async () => {
  const heard: [string, LiveEvent][] = []
  const address = { redisUrl: services.redisUrl, prefix: services.redisPrefix }
  const subscription = await subscribeLive(address, (workspaceId, live) => heard.push([workspaceId, live]))
  const redis = connectRedis(services.redisUrl)
  await publishLive(redis, 'other-installation', 'wsp_0', event)
  await publishLive(redis, services.redisPrefix, 'wsp_1', event)
  await vi.waitFor(() => expect(heard).toEqual([['wsp_1', event]]), 5_000)

  await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub')
  await vi.waitFor(async () => {
    await publishLive(redis, services.redisPrefix, 'wsp_2', event)
    expect(heard.at(-1)).toEqual(['wsp_2', event])
  }, 10_000)
  redis.disconnect()
  await subscription.close()
})
