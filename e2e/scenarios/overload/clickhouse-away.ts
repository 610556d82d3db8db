import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../stack/eventually.ts'
import type { NinesStack } from '../../stack/nines-stack.ts'
import type { Report } from '../report.ts'
import { LoadGroup } from './load-group.ts'
import type { OverloadPlan } from './overload-plan.ts'
import type { Tenant } from './tenant.ts'

/** Share of the stream's limit from which on senders may be told to wait. */
const WATERMARK = 0.8

/** How ClickHouse goes away, and how it comes back. */
const FAULTS = {
  'stands still': (stack: NinesStack) => {
    const pid = stack.pidOf('clickhouse')
    process.kill(pid, 'SIGSTOP')
    return () => process.kill(pid, 'SIGCONT')
  },
  /** The launcher would start it again at once, so it stands still for as long. */
  'is killed and not started again': (stack: NinesStack) => {
    process.kill(stack.launcherPid, 'SIGSTOP')
    process.kill(stack.pidOf('clickhouse'), 'SIGKILL')
    return () => process.kill(stack.launcherPid, 'SIGCONT')
  },
}
export type ClickHouseFault = keyof typeof FAULTS

/** ClickHouse is away under steady load: telemetry is taken until the stream is nearly full, then senders wait. */
export async function clickhouseAway(
  report: Report,
  stack: NinesStack,
  tenants: readonly Tenant[],
  plan: OverloadPlan,
  fault: ClickHouseFault,
): Promise<void> {
  const seconds = plan.clickhouseMs / 1000
  await report.step(`ClickHouse ${fault} for ${seconds} s: senders wait in time, all arrives`, async () => {
    const group = new LoadGroup(stack, tenants, `clickhouse ${fault}`, plan.load)
    await sleep(plan.calmMs)
    group.noteAnswers(report, 'before')
    const mend = FAULTS[fault](stack)
    try {
      await sleep(plan.clickhouseMs)
    } finally {
      mend()
    }
    const firstRefusals = group.loads.flatMap((load) => load.tally.firstRefusal ?? [])
    group.noteAnswers(report, 'while it was away')
    if (plan.fillsStream && firstRefusals.length === 0) throw new Error('the stream was never full enough to tell')
    for (const { text } of firstRefusals) {
      const [, held, limit] = /holds (\d+) bytes, more are refused above (\d+)/.exec(text) ?? []
      if (!(Number(held) / Number(limit) >= WATERMARK)) throw new Error(`refused below the watermark: ${text}`)
    }
    await eventually('ClickHouse answers', async () => (await fetch(stack.clickhouseUrl)).ok, { timeoutMs: 60_000 })
    report.note(`the store had caught up ${(await group.untilCaughtUp()).toFixed(1)} s after ClickHouse was back`)
    group.mark()
    await sleep(plan.calmMs)
    group.noteAnswers(report, 'afterwards')
    await group.settle(report)
  })
}
