import { createLogger } from '@nines/kernel'
import { useServices } from '@nines/testkit'
import { Redis } from 'ioredis'
import { afterEach, expect, test, vi } from 'vitest'
import { createJobQueue, type JobQueue } from './job-queue.ts'
import { startJobWorker, type JobHandlers, type RunningJobWorker } from './job-worker.ts'

const services = await useServices()
const logger = createLogger('test', 'silent')
const open: (JobQueue | RunningJobWorker)[] = []

afterEach(async () => {
  for (const thing of open.splice(0)) await ('close' in thing ? thing.close() : thing.stop(1_000))
})

function pipes(name: string, handlers: JobHandlers) {
  const address = { redisUrl: services.redisUrl, prefix: `${services.redisPrefix}${name}` }
  const queue = createJobQueue(address)
  const worker = startJobWorker({ ...address, handlers, concurrency: 2, logger })
  open.push(worker, queue)
  return { queue, worker, prefix: address.prefix }
}

test('a job reaches the handler of its name with its payload', async () => {
  const wake = vi.fn(async () => undefined)
  const step = vi.fn(async () => undefined)
  const { queue } = pipes('a', { wakeAlert: wake, stepEscalation: step })
  await queue.enqueue('stepEscalation', { workspaceId: 'w', escalationId: 'e' })
  await vi.waitFor(() => expect(step).toHaveBeenCalledTimes(1), 5_000)
  expect(step).toHaveBeenCalledWith({ workspaceId: 'w', escalationId: 'e' })
  expect(wake).not.toHaveBeenCalled()
})

test('a queued duplicate of an id is dropped, a later one runs', async () => {
  const { queue } = pipes('b', {})
  const jobId = 'alt:1:due'
  await queue.enqueue('wakeAlert', { workspaceId: 'w', alertId: 'a' }, { jobId, delayMs: 300 })
  await queue.enqueue('wakeAlert', { workspaceId: 'w', alertId: 'a' }, { jobId, delayMs: 300 })
  expect((await queue.counts()).wakeAlert).toEqual({ waiting: 0, delayed: 1, active: 0 })
  const wake = vi.fn(async () => undefined)
  const { queue: again } = pipes('b', { wakeAlert: wake })
  await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(1), 5_000)
  await vi.waitFor(async () => expect((await again.counts()).wakeAlert.active).toBe(0), 5_000)
  await again.enqueue('wakeAlert', { workspaceId: 'w', alertId: 'a' }, { jobId })
  await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(2), 5_000)
})

test('a failing job is tried again as the catalog says', async () => {
  let attempts = 0
  const { queue } = pipes('c', {
    wakeAlert: async () => {
      attempts++
      if (attempts < 3) throw new Error('not yet')
    },
  })
  await queue.enqueue('wakeAlert', { workspaceId: 'w', alertId: 'a' })
  await vi.waitFor(() => expect(attempts).toBe(3), 10_000)
})

test('a payload outside the schema is refused where it is made', async () => {
  const { queue } = pipes('d', {})
  const broken = { workspaceId: 'w' } as { workspaceId: string; alertId: string }
  await expect(queue.enqueue('wakeAlert', broken)).rejects.toMatchObject({ code: 'invalid' })
})

test('the worker goes on after every key of the queue was deleted', async () => {
  const wake = vi.fn(async () => undefined)
  const { queue, prefix } = pipes('e', { wakeAlert: wake })
  await queue.enqueue('wakeAlert', { workspaceId: 'w', alertId: '1' })
  await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(1), 5_000)
  const redis = new Redis(services.redisUrl)
  const keys = await redis.keys(`*${prefix}:q*`)
  expect(keys.length).toBeGreaterThan(0)
  await redis.del(...keys)
  redis.disconnect()
  await queue.enqueue('wakeAlert', { workspaceId: 'w', alertId: '2' })
  await vi.waitFor(() => expect(wake).toHaveBeenCalledTimes(2), 10_000)
})

test('without Redis an enqueue fails as unavailable instead of hanging', async () => {
  const queue = createJobQueue({ redisUrl: 'redis://127.0.0.1:1', prefix: 'x', timeoutMs: 200 })
  await expect(queue.enqueue('wakeAlert', { workspaceId: 'w', alertId: 'a' })).rejects.toMatchObject({
    code: 'unavailable',
  })
  await queue.close()
})
