import { setTimeout as sleep } from 'node:timers/promises'
import { createChannel, getMe, testChannel } from '@nines/contracts'
import { startWebhookSink, type SmallDisk } from '@nines/testkit'
import type { ApiClient } from '../../stack/api-client.ts'
import { eventually } from '../../stack/eventually.ts'
import type { NinesStack } from '../../stack/nines-stack.ts'
import type { Report } from '../report.ts'
import { LoadGroup } from './load-group.ts'
import type { OverloadPlan } from './overload-plan.ts'

import type { Tenant } from './tenant.ts'

const MIB = 1024 * 1024
export const DISK_BYTES = 800 * MIB
/** Ingest refuses where less than 5 % is free. */
const LEAST_FREE_BYTES = 0.05 * DISK_BYTES
const PROCESSES = ['postgres', 'clickhouse', 'redis', 'ingest', 'store', 'evaluate', 'worker', 'api']
const WELL_AGAIN_MS = 90_000

/**
 * The disk that holds everything fills up to where ingest refuses; then, out of the blue and under load, to the last
 * byte. After each there is room again.
 */
export async function diskFull(
  report: Report,
  stack: NinesStack,
  disk: SmallDisk,
  admin: ApiClient,
  tenants: readonly Tenant[],
  plan: OverloadPlan,
): Promise<void> {
  const pids = () => PROCESSES.map((name) => `${name} ${stack.pidOf(name)}`)
  const group = new LoadGroup(stack, tenants, 'disk full', plan.load)
  const { user } = await admin.call(getMe)
  const sink = await startWebhookSink()
  try {
    await report.step('little room is left: ingest refuses before anything breaks', async () => {
      await sleep(plan.calmMs)
      group.noteAnswers(report, 'before')
      const before = pids()
      await disk.fillTo(0.9 * LEAST_FREE_BYTES)
      group.mark()
      await sleep(plan.diskMs)
      const refused = group.loads.filter((load) => load.tally.retried > 0)
      group.noteAnswers(report, `with ${Math.round(disk.freeBytes() / MIB)} MiB free`)
      if (refused.length < tenants.length) throw new Error('not everybody was told to wait')
      const channel = await admin.call(createChannel, {
        body: { name: 'Nearly full', url: sink.url, userId: user.id, allowPrivate: true },
      })
      await admin.call(testChannel, { params: { id: channel.channel.id } })
      await sink.waitFor((r) => r.body.includes('channel.test'), 30_000)
      report.note('a message is delivered all the same')
      const changed = pids().filter((pid) => !before.includes(pid))
      if (changed.length > 0) throw new Error(`started again: ${changed.join(', ')}`)
      await roomAgain(report, stack, disk, group)
    })
    await report.step('not a byte is left, out of the blue: afterwards all goes on without help', async () => {
      const before = pids()
      for (const until = Date.now() + plan.diskMs; Date.now() < until; await sleep(50)) await disk.fillTo(0)
      group.noteAnswers(report, 'with nothing free')
      await roomAgain(report, stack, disk, group)
      await sleep(plan.calmMs)
      group.noteAnswers(report, 'afterwards')
      const changed = pids().filter((pid) => !before.includes(pid))
      report.note(changed.length > 0 ? `started again: ${changed.join(', ')}` : 'no process had to be started again')
      const warnings = stack
        .output()
        .split('\n')
        .filter((line) => /ended|did not start/.test(line))
      for (const line of warnings.slice(0, 12)) report.note(`launcher: ${line.trim().slice(0, 200)}`)
    })
    await report.step('all that was acked is there, once', () => group.settle(report))
  } finally {
    await sink.stop()
  }
}

async function roomAgain(report: Report, stack: NinesStack, disk: SmallDisk, group: LoadGroup): Promise<void> {
  disk.empty()
  group.mark()
  const from = Date.now()
  const isWell = async () =>
    (await fetch(`${stack.apiUrl}/readyz`)).ok && group.loads.every((load) => load.tally.acked > 0)
  await eventually('the stack is well again', isWell, { timeoutMs: WELL_AGAIN_MS })
  report.note(
    `the API was ready and everybody was acked ${((Date.now() - from) / 1000).toFixed(1)} s after there was room`,
  )
  report.note(`the store had caught up ${(await group.untilCaughtUp()).toFixed(1)} s after that`)
  group.noteAnswers(report, 'since there was room')
}
