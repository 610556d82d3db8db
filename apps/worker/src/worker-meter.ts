import type { Instruments } from '@nines/instrument'
import { jobs, type JobOutcome, type JobQueue } from '@nines/pipeline'

/** What the worker measures about itself. */
export class WorkerMeter {
  readonly #jobs
  readonly #duration
  readonly #waited
  readonly #attempts
  readonly #pageDelay
  readonly #swept

  constructor(instruments: Instruments) {
    this.#jobs = instruments.counter('nines.worker.jobs', { unit: '{job}', description: 'Attempts at jobs' })
    this.#duration = instruments.histogram('nines.worker.job.duration', { unit: 's', description: 'Time in a job' })
    this.#waited = instruments.histogram('nines.worker.job.wait', {
      unit: 's',
      description: 'Time between a job being due and being started',
    })
    this.#attempts = instruments.counter('nines.worker.deliveries', {
      unit: '{delivery}',
      description: 'Deliveries tried',
    })
    this.#pageDelay = instruments.histogram('nines.worker.page.delay', {
      unit: 's',
      description: 'Time from the decision to page until the receiver accepted it',
    })
    this.#swept = instruments.counter('nines.worker.swept', {
      unit: '{job}',
      description: 'Due work that the sweeper found, by job',
    })
  }

  job({ jobKey, outcome, durationMs, waitedMs }: JobOutcome): void {
    const attributes = { job: jobs[jobKey].name, outcome }
    this.#jobs.add(1, attributes)
    this.#duration.record(durationMs / 1000, attributes)
    this.#waited.record(waitedMs / 1000, { job: jobs[jobKey].name })
  }

  delivery(outcome: string, eventType: string, delayMs: number): void {
    this.#attempts.add(1, { outcome, event_type: eventType })
    if (outcome === 'delivered' && eventType === 'page.created') this.#pageDelay.record(delayMs / 1000)
  }

  swept(job: string): void {
    this.#swept.add(1, { job })
  }
}

/** Reports the depth of every queue before each export. */
export function observeQueue(instruments: Instruments, queue: JobQueue): void {
  const options = { unit: '{job}', description: 'Jobs by queue and state' }
  instruments.observableGauge('nines.worker.queue.depth', options, async () => {
    try {
      const counts = await queue.counts()
      return Object.entries(counts).flatMap(([job, states]) =>
        Object.entries<number>({ ...states }).map(([state, value]) => ({ value, attributes: { job, state } })),
      )
    } catch {
      // Redis is away: no reading is the true one.
      return []
    }
  })
}
