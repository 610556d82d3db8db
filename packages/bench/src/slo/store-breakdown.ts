import { createTelemetry, insertBlocks } from '@nines/telemetry'
import { emptyBlock, seriesId } from '@nines/wire'
import type { NinesTarget } from '../targets/nines.ts'
import { evaluatedCounter, evaluatedName, STEP_MS } from './evaluation-load.ts'

const SLOS_PER_BLOCK = 100
const REQUESTS_PER_STEP = 250
const STATUSES = ['200', '500'] as const

/**
 * Puts the requests of so many services straight into the telemetry store, a sample each 15 s in [from, to): all good until
 * `brokenFrom`, and all bad from there on.
 */
export async function storeBreakdown(
  { telemetry: address }: Pick<NinesTarget, 'telemetry'>,
  workspace: number,
  slos: number,
  range: { from: number; to: number; brokenFrom: number },
): Promise<void> {
  const telemetry = createTelemetry(address)
  try {
    for (let first = 0; first < slos; first += SLOS_PER_BLOCK) {
      const count = Math.min(SLOS_PER_BLOCK, slos - first)
      const series = Array.from({ length: count }, (_, i) => seriesOf(evaluatedName(first + i))).flat()
      const samples = countersOf(
        series.map(({ id }) => BigInt(id)),
        range,
      )
      await insertBlocks(telemetry, [{ ...emptyBlock(workspace, range.to), series, samples }], `breakdown-${first}`)
    }
  } finally {
    await telemetry.close()
  }
}

function seriesOf(slo: string) {
  return STATUSES.map((status) => {
    const definition = evaluatedCounter({ slo, status })
    return { id: seriesId(definition), ...definition }
  })
}

/** Good and bad requests by turns, as seriesOf gives their series. */
function countersOf(
  ids: readonly bigint[],
  { from, to, brokenFrom }: { from: number; to: number; brokenFrom: number },
) {
  const steps = Math.floor((to - from) / STEP_MS)
  const length = ids.length * steps
  const rows = {
    series: new BigUint64Array(length),
    at: new Float64Array(length),
    start: new Float64Array(length).fill(from - 1),
    value: new Float64Array(length),
  }
  for (const [i, id] of ids.entries()) {
    for (let step = 0; step < steps; step++) {
      const row = i * steps + step
      const at = from + step * STEP_MS
      const brokenSteps = Math.max(0, Math.floor((at - brokenFrom) / STEP_MS) + 1)
      rows.series[row] = id
      rows.at[row] = at
      rows.value[row] = REQUESTS_PER_STEP * (i % 2 === 1 ? brokenSteps : step + 1 - brokenSteps)
    }
  }
  return rows
}
