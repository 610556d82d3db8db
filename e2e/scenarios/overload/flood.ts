import { setTimeout as sleep } from 'node:timers/promises'
import { eventually } from '../../stack/eventually.ts'
import type { NinesStack } from '../../stack/nines-stack.ts'
import { storedCopies } from '../../stack/stored-copies.ts'
import { within } from '../../stack/within.ts'
import { judgeRows } from '../judge-rows.ts'
import type { Report } from '../report.ts'
import { startFloodThread, type FloodedStream } from './flood-thread.ts'
import { LoadGroup } from './load-group.ts'
import type { OverloadPlan } from './overload-plan.ts'
import { SeriesFlood } from './series-flood.ts'
import { createTenants, type Tenant } from './tenant.ts'

const SAMPLES_PER_SECOND = 1_000
const TIMES_THE_LIMIT = 20
const MAX_SERIES = 300
const SETTLED_WITHIN_MS = 120_000

/** One workspace sends far more than it may, another makes every point a new series; two others are not to notice. */
export async function flood(
  report: Report,
  stack: NinesStack,
  others: readonly Tenant[],
  plan: OverloadPlan,
): Promise<void> {
  const settings = { loud: { samplesPerSecond: SAMPLES_PER_SECOND }, wide: { maxActiveSeries: MAX_SERIES } }
  const [loud, wide] = (await createTenants(stack, settings)) as [Tenant, Tenant]
  await report.step(`one workspace sends ${TIMES_THE_LIMIT} times its limit: it waits, others do not`, async () => {
    const group = new LoadGroup(stack, others, 'flood', plan.load)
    await sleep(plan.floodMs)
    group.noteAnswers(report, 'without the flood')
    const thread = await startFloodThread({ ingestUrl: stack.ingestUrl, ingestGrpc: stack.ingestGrpc, key: loud.key })
    group.loads.forEach(refusedNothing)
    group.noteAnswers(report, 'while the flood’s thread starts')
    await sleep(plan.floodMs)
    group.loads.forEach(refusedNothing)
    group.noteAnswers(report, 'beside the flood')
    const streams = await within(SETTLED_WITHIN_MS, 'the flood ends', thread.end())
    const perSecond = (of: (stream: FloodedStream) => number) =>
      Math.round(streams.reduce((sum, stream) => sum + of(stream), 0) / (plan.floodMs / 1000))
    const offered = perSecond((stream) => stream.offeredRows)
    const taken = perSecond((stream) => stream.takenRows)
    report.note(`loud sent ${offered} rows/s, of which ${taken} were taken; its limit is ${SAMPLES_PER_SECOND}`)
    if (offered < TIMES_THE_LIMIT * SAMPLES_PER_SECOND) throw new Error('that was no flood')
    for (const flooded of streams) await settleStream(report, stack, flooded)
    await group.settle(report)
  })
  await report.step(
    'every point of one workspace is a new series: refused above its limit, others are not',
    async () => {
      const group = new LoadGroup(stack, others, 'series flood', plan.load)
      const series = new SeriesFlood(stack, wide.key)
      await series.run(plan.floodMs)
      group.loads.forEach(refusedNothing)
      group.noteAnswers(report, 'beside the flood of series')
      report.note(`wide: ${series.accepted} points taken, ${series.rejected} refused: ${series.reason}`)
      if (series.accepted !== MAX_SERIES || !series.reason.includes(`${MAX_SERIES} active series already, its limit`))
        throw new Error(
          `${series.accepted} series of ${MAX_SERIES} were taken, the others refused for ${series.reason}`,
        )
      await group.settle(report)
      const stored = await series.stored()
      if (stored !== series.accepted) throw new Error(`${series.accepted} points were taken, ${stored} are stored`)
    },
  )
}

function refusedNothing({ tenant, tally }: LoadGroup['loads'][number]): void {
  if (tally.retried > 0)
    throw new Error(`${tenant.slug} was hindered: ${tally.inWords()}; ${tally.firstRefusal?.text ?? 'no answer'}`)
}

/** Whatever was acked to the loud one is there as well. */
async function settleStream(report: Report, stack: NinesStack, flooded: FloodedStream): Promise<void> {
  const { requests, stream, startMs, refusals, tally, withoutTime } = flooded
  report.note(`${stream}: ${tally}`)
  if (refusals.length > 0) throw new Error(`a final refusal: ${refusals[0]?.slice(0, 300)}`)
  if (withoutTime > 0) throw new Error(`${withoutTime} refusals did not say when to retry`)
  const verdict = await eventually(`all rows of ${stream}`, async () => {
    const now = judgeRows(requests, await storedCopies(stack.clickhouseUrl, 'samples', stream, startMs))
    return now.lost === 0 && now
  })
  report.note(`${stream}: ${verdict.acked} rows acked, ${verdict.lost} lost, ${verdict.doubled} doubled`)
  if (verdict.doubled + verdict.unknown > 0) throw new Error(`${stream}: rows are stored that were not sent`)
}
