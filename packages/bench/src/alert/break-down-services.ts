import { setTimeout as sleep } from 'node:timers/promises'
import type { RandomBits } from '../load/random-bits.ts'
import type { AlertSender } from './alert-sender.ts'
import type { BenchService } from './bench-service.ts'

/** Before the first outage: everything has reported a few times. */
const CALM_MS = 5_000
/** A service reports every one to four seconds, and every second while it is broken. */
const BROKEN_PUSH_MS = 1_000
const SOUND_PUSH_MS = 3_000
/** How often it goes on to report after its alert is due. */
const PUSHES_AFTER_DUE = 3

/** Lets every service report and, at a random moment of so many seconds, break down. Returns when all alerts are due. */
export async function breakDownServices(
  services: readonly BenchService[],
  sender: AlertSender,
  { seconds, random }: { seconds: number; random: RandomBits },
): Promise<void> {
  const startedAt = Date.now()
  await Promise.all(
    services.map(async (service) => {
      const breaksAt = startedAt + CALM_MS + random.below(seconds * 1000)
      const firstPushMs = random.below(BROKEN_PUSH_MS + SOUND_PUSH_MS)
      await sleep(Math.min(firstPushMs, breaksAt - Date.now()))
      while (Date.now() < breaksAt) {
        await report(service, sender)
        await sleep(Math.max(1, Math.min(BROKEN_PUSH_MS + random.below(SOUND_PUSH_MS), breaksAt - Date.now())))
      }
      service.breakDown()
      for (let left = PUSHES_AFTER_DUE; left > 0; left -= Number(service.dueAt !== undefined)) {
        await sleep(BROKEN_PUSH_MS)
        await report(service, sender)
      }
    }),
  )
}

async function report(service: BenchService, sender: AlertSender): Promise<void> {
  const at = Date.now()
  const isDueNow = service.happen(at)
  // The very last moment at which it cannot have been received yet.
  if (isDueNow) service.dueAt = Date.now()
  await sender.push([service], at)
  if (isDueNow) service.answeredAt = Date.now()
}
