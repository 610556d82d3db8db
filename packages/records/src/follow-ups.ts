import type { LiveEvent } from '@nines/contracts'
import type { JobKey, PayloadOf } from '@nines/pipeline'

/** Jobs that a committed change may ask for: all but those that telemetry asks for. */
type ChangeJob = Exclude<JobKey, 'noteVersion'>

/** A job that a committed change asks for. Losing it delays the work until the sweeper finds the due row. */
export type FollowUp = { [K in ChangeJob]: { job: K; payload: PayloadOf<K>; delayMs: number } }[ChangeJob]

/** What a committed change means for others: jobs to enqueue and things for dashboards to fetch again. */
export interface Outcome {
  followUps: FollowUp[]
  changes: { type: LiveEvent['type']; id: string }[]
}

export function noOutcome(): Outcome {
  return { followUps: [], changes: [] }
}

/** What messages need to know of the installation. */
export interface MessageSettings {
  /** Where people reach Nines: links in messages begin with it. */
  publicUrl: string
  /** 32 bytes in base64; signs links and opens sealed signing secrets. */
  secretKey: string
}
