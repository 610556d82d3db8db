import { setTimeout as sleep } from 'node:timers/promises'
import { NinesError } from '@nines/kernel'
import { sliOf, type SloApi } from './slo-api.ts'

const DEADLINE_MS = 300_000
const POLL_MS = 20

export interface Backfill {
  state: string
  minutesDone: number
  minutesAll: number
  startedAt: number
  finishedAt: number
}

/** Creates an SLO over stored telemetry and waits until its whole window is computed; `onShown` hears how far it is. */
export async function createBackfilled(
  api: SloApi,
  slo: string,
  { days, serviceId }: { days: number; serviceId: string },
  onShown: (backfill: Backfill) => void = () => {},
): Promise<{ id: string; backfill: Backfill }> {
  const startedAt = performance.now()
  const { id } = await api.ask<{ id: string }>('POST', '/api/v1/slos', {
    slug: slo,
    name: slo,
    serviceId,
    sli: sliOf(slo),
    target: 0.999,
    window: { kind: 'rolling', days },
  })
  for (;;) {
    if (performance.now() - startedAt > DEADLINE_MS) throw new NinesError('unavailable', 'the backfill did not end')
    await sleep(POLL_MS)
    const backfill = await api.ask<Backfill>('GET', `/api/v1/slos/${id}/backfill`)
    onShown(backfill)
    if (backfill.state === 'done') return { id, backfill }
  }
}
