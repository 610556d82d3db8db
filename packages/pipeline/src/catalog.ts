import {
  advanceAlertPayload,
  advanceBudgetPayload,
  deliverWebhookPayload,
  draftReviewPayload,
  noteVersionPayload,
  openIncidentPayload,
  stepEscalationPayload,
  wakeAlertPayload,
} from '@nines/contracts'
import type { z } from 'zod'

/**
 * The flow of Nines, in order. Every stream and every job stands here once, with who makes it, who takes it, what makes
 * a repeat harmless and how it is retried. Reading this file from top to bottom is reading the product:
 *
 *   agent, SDK, collector, Prometheus, probe -> ingest -> [blocks] -> store -> ClickHouse -> rollups, service graph
 *                                     |
 *                                     +-----> evaluate -> [blocks: slices], advance-alert and advance-budget
 *   advance-alert -> step-escalation -> deliver-webhook
 *         |-> open-incident -> draft-review
 *   advance-budget -> deliver-webhook
 *   store -> note-version -> changes
 *   everything -> [live] -> dashboards
 */

/** A Redis stream of binary blocks. Appending to it is what makes an ingest answer 2xx. */
export interface StreamEntry {
  name: string
  carries: string
  producers: readonly string[]
  consumers: readonly string[]
  idempotency: string
  onFailure: string
}

/** A BullMQ job. `key` gives the job id where a queued duplicate is to be dropped. */
export interface JobEntry<P extends z.ZodType = z.ZodType> {
  name: string
  payload: P
  producers: readonly string[]
  consumer: `apps/worker/src/jobs/${string}.job.ts`
  idempotency: string
  /** Attempts by the queue. After them, the sweeper finds the due row in PostgreSQL: no timer lives in the queue alone. */
  attempts: number
  backoffMs: number
}

const job = <P extends z.ZodType>(entry: JobEntry<P>): JobEntry<P> => entry

export const streams = {
  blocks: {
    name: 'blocks',
    carries:
      'columnar blocks of series, samples, histograms, exemplars, logs, spans, check runs and SLI slices (packages/wire/src/block)',
    producers: ['apps/ingest', 'apps/store (request rate, errors and duration of spans)', 'apps/evaluate (slices)'],
    consumers: ['apps/store (one owner a shard, by lease)', 'apps/evaluate (every replica reads all of it)'],
    idempotency:
      'a request is known by its content and appended once; a block never changes; an insert is a recorded range of stream ids, and the record id is its insert_deduplication_token',
    onFailure:
      'the store repeats the recorded range; what cannot be stored becomes a dead letter that can be replayed; an evaluator that lost its place rebuilds from ClickHouse',
  },
} as const satisfies Record<string, StreamEntry>

export const jobs = {
  advanceAlert: job({
    name: 'advance-alert',
    payload: advanceAlertPayload,
    producers: ['apps/evaluate'],
    consumer: 'apps/worker/src/jobs/advance-alert.job.ts',
    idempotency: 'verdicts carry their instant: one not newer than the last applied to the alert changes nothing',
    attempts: 8,
    backoffMs: 250,
  }),
  advanceBudget: job({
    name: 'advance-budget',
    payload: advanceBudgetPayload,
    producers: ['apps/evaluate (told again every 10 s until it is on record)'],
    consumer: 'apps/worker/src/jobs/advance-budget.job.ts',
    idempotency: 'readings carry their instant and SLO version: one not newer than the last applied changes nothing',
    attempts: 8,
    backoffMs: 500,
  }),
  wakeAlert: job({
    name: 'wake-alert',
    payload: wakeAlertPayload,
    producers: ['advance-alert (delayed)', 'sweeper'],
    consumer: 'apps/worker/src/jobs/wake-alert.job.ts',
    idempotency: 'acts only when the alert row is due by the database clock',
    attempts: 3,
    backoffMs: 500,
  }),
  stepEscalation: job({
    name: 'step-escalation',
    payload: stepEscalationPayload,
    producers: ['advance-alert', 'step-escalation (delayed)', 'sweeper'],
    consumer: 'apps/worker/src/jobs/step-escalation.job.ts',
    idempotency:
      'acts only when the escalation row is due; pages are unique by escalation, round, step, channel, responder',
    attempts: 5,
    backoffMs: 500,
  }),
  deliverWebhook: job({
    name: 'deliver-webhook',
    payload: deliverWebhookPayload,
    producers: [
      'step-escalation',
      'advance-alert',
      'advance-budget',
      'api (test, replay, budget policies)',
      'deliver-webhook (delayed)',
      'sweeper',
    ],
    consumer: 'apps/worker/src/jobs/deliver-webhook.job.ts',
    idempotency: 'the message row is leased; receivers see one webhook-id however often it is sent',
    attempts: 1,
    backoffMs: 0,
  }),
  openIncident: job({
    name: 'open-incident',
    payload: openIncidentPayload,
    producers: ['advance-alert', 'sweeper'],
    consumer: 'apps/worker/src/jobs/open-incident.job.ts',
    idempotency: 'one open incident a service (openKey); timeline events are unique by source and source id',
    attempts: 8,
    backoffMs: 500,
  }),
  draftReview: job({
    name: 'draft-review',
    payload: draftReviewPayload,
    producers: ['api', 'advance-alert', 'sweeper'],
    consumer: 'apps/worker/src/jobs/draft-review.job.ts',
    idempotency: 'one review an incident; an existing one is left as its authors made it',
    attempts: 8,
    backoffMs: 1000,
  }),
  noteVersion: job({
    name: 'note-version',
    payload: noteVersionPayload,
    producers: ['apps/store (versions that spans carry; told again every hour)'],
    consumer: 'apps/worker/src/jobs/note-version.job.ts',
    idempotency: 'one row a service, environment and version, and one change for each but the first',
    attempts: 8,
    backoffMs: 1000,
  }),
} as const

export type JobKey = keyof typeof jobs
export type PayloadOf<K extends JobKey> = z.infer<(typeof jobs)[K]['payload']>
