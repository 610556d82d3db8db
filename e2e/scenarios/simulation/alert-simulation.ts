import { NO_ALERT, transition, type AlertMachine } from '@nines/alerting'
import { evaluateTick, EvaluationPlan, SloTracker, type TickState } from '@nines/app-evaluate'
import type { AdvanceAlertPayload, BurnRateCondition, SloWindow } from '@nines/contracts'
import { createLogger } from '@nines/kernel'
import { MINUTE_MS } from '@nines/slo'
import { PushedCounters } from './pushed-counters.ts'

/** A rule under its name, all of them on one SLO. */
export type SimulatedRules = Record<string, BurnRateCondition>

/** What happened, epoch ms of the simulated clock. */
export interface SimulatedEvent {
  at: number
  rule: string
  kind: 'true' | 'holding' | 'false' | 'no_data' | 'fired' | 'resolved'
}

const selector = (metric: string) => ({ metric, matchers: [] })
/** Minutes are written this long after their end. */
const SETTLING_MS = 30_000

/**
 * One SLO in simulated time: pushes of two counters go in, the tick of evaluate judges and reports as it does in
 * production, and reports and timers move the alerts through their state machine. What is simulated is the clock, the
 * queue, which delivers at once, and the row of the alert, which is kept in memory.
 */
export class AlertSimulation {
  readonly #tracker: SloTracker
  readonly #rules: SimulatedRules
  readonly #alerts = new Map<string, AlertMachine>()
  readonly #said = new Map<string, string>()
  readonly #state: TickState
  readonly #counters: PushedCounters
  #now: number
  #persistedAt = 0
  #events: SimulatedEvent[] = []

  constructor(slo: { target: number; window: SloWindow; rules: SimulatedRules }, startedAt: number) {
    this.#rules = slo.rules
    this.#now = startedAt
    this.#tracker = new SloTracker(
      {
        id: 'slo',
        workspaceId: 'workspace',
        workspaceNumber: 1,
        name: 'Simulated',
        version: 1,
        versionCreatedAt: startedAt,
        sli: { kind: 'ratio', bad: selector('bad'), total: selector('total') },
        target: slo.target,
        window: slo.window,
        furtherObjectives: [],
        corrections: [],
        checkCadence: [],
        rules: Object.entries(slo.rules).map(([name, condition]) => ({
          id: name,
          name,
          severity: 'critical',
          condition,
        })),
      },
      startedAt,
    )
    this.#tracker.isReady = true
    this.#counters = new PushedCounters(this.#tracker, startedAt)
    const plan = new EvaluationPlan()
    plan.add(this.#tracker)
    this.#state = {
      logger: createLogger('simulation', 'silent'),
      now: () => this.#now,
      heard: () => ({ since: startedAt, until: this.#now }),
      mayAct: true,
      share: { plan },
      publisher: { publish: async () => {} },
      stores: { jobs: { enqueue: async (_name, payload) => this.#advance(payload as AdvanceAlertPayload) } },
    }
  }

  /** True while any rule has an alert that is not resolved. */
  get isAnyOpen(): boolean {
    return [...this.#alerts.values()].some((alert) => alert.state !== 'none' && alert.state !== 'resolved')
  }

  /** A push at the instant: so many events since the former one. */
  push(at: number, bad: number, total: number): void {
    this.#counters.push(at, bad, total)
  }

  /** One tick of evaluate at the instant, and what timers are due; answers with what happened. */
  async tick(at: number): Promise<SimulatedEvent[]> {
    this.#now = at
    await evaluateTick(this.#state)
    for (const [rule, alert] of this.#alerts) {
      if (alert.dueAt !== null && alert.dueAt <= at) this.#move(rule, { kind: 'timer' })
    }
    // Evaluate writes slices as it goes; what changed would pile up here.
    if (at - this.#persistedAt >= 60 * MINUTE_MS) {
      this.#tracker.takeSlices(at - SETTLING_MS, at)
      this.#persistedAt = at
    }
    const events = this.#events
    this.#events = []
    return events
  }

  #advance({ ruleId, verdict, at }: AdvanceAlertPayload): void {
    if (this.#said.get(ruleId) !== verdict) this.#events.push({ at, rule: ruleId, kind: verdict })
    this.#said.set(ruleId, verdict)
    this.#move(ruleId, { kind: 'verdict', verdict, at })
  }

  #move(rule: string, event: Parameters<typeof transition>[1]): void {
    const condition = this.#rules[rule]
    if (!condition) return
    const { machine, effects } = transition(this.#alerts.get(rule) ?? NO_ALERT, event, this.#now, condition)
    this.#alerts.set(rule, machine)
    for (const { kind } of effects) {
      if (kind === 'fired' || kind === 'resolved') this.#events.push({ at: this.#now, rule, kind })
    }
  }
}
