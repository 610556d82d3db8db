import { setTimeout as sleep } from 'node:timers/promises'
import { createChannel, getMe, testChannel } from '@nines/contracts'
import { connectRedis } from '@nines/pipeline'
import { startWebhookSink } from '@nines/testkit'
import type { ApiClient } from '../../stack/api-client.ts'
import type { NinesStack } from '../../stack/nines-stack.ts'
import type { Report } from '../report.ts'
import { LoadGroup } from './load-group.ts'
import type { OverloadPlan } from './overload-plan.ts'
import type { Tenant } from './tenant.ts'

const DELIVERED_WITHIN_MS = 60_000

/** Redis comes near its memory limit and then has none left at all: jobs and the store's book outlive both. */
export async function redisFull(
  report: Report,
  stack: NinesStack,
  admin: ApiClient,
  tenants: readonly Tenant[],
  plan: OverloadPlan,
): Promise<void> {
  const sink = await startWebhookSink()
  const redis = connectRedis(stack.redisUrl)
  const used = async () => Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1])
  const pids = () =>
    ['redis', 'ingest', 'store', 'evaluate', 'worker', 'api'].map((name) => stack.pidOf(name)).join(' ')
  const before = pids()
  try {
    await report.step('Redis is full: senders wait, jobs and the store go on when there is memory again', async () => {
      const group = new LoadGroup(stack, tenants, 'redis full', plan.load)
      await sleep(plan.calmMs)
      group.noteAnswers(report, 'before')
      await redis.config('SET', 'maxmemory', Math.round((await used()) / 0.9))
      await sleep(plan.redisMs)
      group.noteAnswers(report, 'while Redis was at 90 % of its memory')
      await redis.config('SET', 'maxmemory', '1')
      const { user } = await admin.call(getMe)
      const channel = await admin.call(createChannel, {
        body: { name: 'While Redis was full', url: sink.url, userId: user.id, allowPrivate: true },
      })
      await admin.call(testChannel, { params: { id: channel.channel.id } })
      await sleep(plan.redisMs)
      const freedAt = Date.now()
      group.noteAnswers(report, 'while Redis refused every write')
      await redis.config('SET', 'maxmemory', '0')
      report.note(`the store had caught up ${(await group.untilCaughtUp()).toFixed(1)} s after there was memory`)
      const message = await sink.waitFor((r) => r.body.includes('channel.test'), DELIVERED_WITHIN_MS)
      const lateMs = message.receivedAtMs - freedAt
      const when = lateMs < 0 ? 'while it was still full' : `${lateMs} ms after there was memory`
      report.note(`a message sent while Redis was full was delivered ${when}`)
      group.mark()
      await sleep(plan.calmMs)
      group.noteAnswers(report, 'afterwards')
      await group.settle(report)
      if (pids() !== before) throw new Error(`a process was started again: ${before} became ${pids()}`)
    })
  } finally {
    await redis.config('SET', 'maxmemory', '0').catch(() => {})
    redis.disconnect()
    await sink.stop()
  }
}
