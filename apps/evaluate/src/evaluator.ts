import { messageOf, type Logger } from '@nines/kernel'
import type { Instruments } from '@nines/instrument'
import { removeSloBackfills, removeSloStatuses, type BlockEntry } from '@nines/pipeline'
import { openAlertRules, SloDefinitionBook, type SloDefinition } from '@nines/records'
import type { Hearing } from '@nines/slo'
import { BackgroundLoop, type LoopOptions } from './background-loop.ts'
import { BudgetReports } from './budget-reports.ts'
import { compareEntryIds } from './entry-id.ts'
import { evaluateTick } from './evaluate-tick.ts'
import type { EvaluatorState, EvaluatorStores } from './evaluator-state.ts'
import { hasMissedEntries } from './follow-position.ts'
import { maintain } from './maintain.ts'
import { rebuildNewcomers } from './rebuild-newcomers.ts'
import { rebuildRests } from './rebuild-rests.ts'
import { beat, BEAT_INTERVAL_MS, DEAD_AFTER_MS, leave } from './replica-heartbeat.ts'
import { instantNow, ShareLease } from './share-lease.ts'
import { SilentSeries } from './silent-series.ts'
import { SloShare } from './slo-share.ts'
import type { SloTracker } from './slo-tracker.ts'
import { StatusPublisher } from './status-publisher.ts'
import { StreamFollower } from './stream-follower.ts'

const TICK_MS = 100
const RELOAD_MS = 10_000
const MAINTENANCE_MS = 500
/** A failed beat is repeated soon: with every second that passes, more of the share is on its way to others. */
const BEAT_BACKOFF_MS = 500
/** An answer that took longer says little about what the time is there. */
const CLOCK_TRUST_MS = 500

/** One replica of evaluate: who it is, what it owns, and the loops that keep it going. */
export class Evaluator implements EvaluatorState {
  readonly stores: EvaluatorStores
  readonly logger: Logger
  readonly publisher: StatusPublisher
  readonly share: SloShare
  readonly followers: readonly StreamFollower[]
  readonly budgets = new BudgetReports()
  openRules: ReadonlySet<string> | null = null
  readonly toRebuild = new Set<SloTracker>()
  readonly toCatchUp = new Set<SloTracker>()
  isStopping = false
  readonly #replica: string
  #replicas: readonly string[] = []
  readonly #book = new SloDefinitionBook()
  #definitions: readonly SloDefinition[] | undefined
  /** Whether the stream went by unfollowed before this start; false once its first SLOs know. */
  #hasMissedEntries: boolean | undefined
  /** Redis' clock less ours. All replicas stamp verdicts and revisions with the clock they share. */
  #clockOffsetMs: number | undefined
  readonly #lease = new ShareLease(DEAD_AFTER_MS)
  /** After a lease that lapsed: how far, by shard, the stream has to be heard first; null while that is not known. */
  #toHear: { positions: readonly string[] | null } | undefined
  #loops: (Record<'reload' | 'newcomers' | 'rests' | 'tick', BackgroundLoop> & { all: BackgroundLoop[] }) | undefined
  readonly #silentSeries = new SilentSeries()
  readonly #recordTick: (seconds: number) => void

  /**
   * `replica` names this one among all. One that starts anew under its former name owns at once what it owned before;
   * under another name it would wait for its own silence.
   */
  constructor(replica: string, stores: EvaluatorStores, logger: Logger, instruments: Instruments) {
    this.#replica = replica
    this.stores = stores
    this.logger = logger
    this.publisher = new StatusPublisher(stores.redis, stores.prefix)
    this.share = new SloShare(this.#replica)
    this.followers = Array.from({ length: stores.stream.shards }, (_, shard) => this.#follower(shard))
    this.#recordTick = this.#instrument(instruments)
  }

  now(): number {
    return Date.now() + (this.#clockOffsetMs ?? 0)
  }

  get mayAct(): boolean {
    return this.#toHear === undefined && this.#lease.isHeldAt(instantNow())
  }

  heard(): Hearing {
    return {
      since: Math.max(...this.followers.map((follower) => follower.heardSince)),
      until: Math.min(...this.followers.map((follower) => follower.heardUntil)),
    }
  }

  restart(trackers: Iterable<SloTracker>): void {
    const held = [...trackers].filter((tracker) => this.share.holds(tracker))
    for (const tracker of held) this.#unplan(tracker)
    this.#plan(this.share.replace(held, this.now()), true)
  }

  take({ id, block }: BlockEntry, shard: number, only?: ReadonlySet<SloTracker>): void {
    try {
      const router = this.share.routers.get(block.workspace)
      router?.take(block, this.now(), only)
      router?.events.take(block, { shard, id }, only)
      // What just came may make an alert due: it does not wait for the next tick.
      if (router && !only) this.#loops?.tick.wake()
    } catch (error) {
      this.logger.error({ id, reason: messageOf(error) }, 'a block cannot be evaluated and is skipped')
    }
  }

  start(): void {
    const loop = (name: string, intervalMs: number, turn: LoopOptions['turn'], maxBackoffMs?: number) =>
      new BackgroundLoop({ name, intervalMs, logger: this.logger, turn, ...(maxBackoffMs && { maxBackoffMs }) })
    const reload = loop('loading SLOs', RELOAD_MS, () => this.#reload())
    const heartbeat = loop('heartbeat', BEAT_INTERVAL_MS, () => this.#beat(), BEAT_BACKOFF_MS)
    const tick = loop('evaluation', TICK_MS, () => this.#tick())
    const maintenance = loop('maintenance', MAINTENANCE_MS, () => this.#maintain())
    const newcomers = loop('rebuilding SLOs', MAINTENANCE_MS, () => this.#rebuildNewcomers())
    const rests = loop('rebuilding the rest of SLOs', MAINTENANCE_MS, () => rebuildRests(this))
    this.#loops = { reload, newcomers, rests, tick, all: [heartbeat, reload, tick, maintenance, newcomers, rests] }
  }

  /** Looks for changed SLOs at once. */
  wake(): void {
    this.#loops?.reload.wake()
  }

  async stop(): Promise<void> {
    this.isStopping = true
    await Promise.all([...this.followers.map((follower) => follower.stop()), ...this.#stopLoops()])
    await leave(this.stores.redis, this.stores.prefix, this.#replica).catch(() => undefined)
  }

  async #tick(): Promise<void> {
    const startedAt = performance.now()
    if (this.#hasHeardAll()) this.#comeBack()
    if (!this.mayAct) return
    await evaluateTick(this)
    this.#recordTick((performance.now() - startedAt) / 1000)
  }

  async #maintain(): Promise<void> {
    await maintain(this)
    await this.#silentSeries.forget(this)
  }

  async #rebuildNewcomers(): Promise<void> {
    await rebuildNewcomers(this)
    this.#loops?.rests.wake()
  }

  async #beat(): Promise<void> {
    const sentAt = instantNow()
    const { redis, prefix } = this.stores
    const { now, replicas } = await beat(redis, prefix, this.#replica, this.#lease.mayBuryAt(sentAt))
    const answeredAt = instantNow()
    // The pause of a process that was stopped between question and answer must not become a difference of clocks.
    if (this.#clockOffsetMs === undefined || answeredAt.monotonic - sentAt.monotonic < CLOCK_TRUST_MS)
      this.#clockOffsetMs = Math.round(now - (sentAt.wall + answeredAt.wall) / 2)
    if (this.#lease.renew(sentAt, answeredAt)) this.#toHear = { positions: null }
    if (this.#toHear?.positions === null) await this.#lookHowFarToHear()
    const hasChanged = replicas.join() !== this.#replicas.join()
    this.#replicas = replicas
    if (hasChanged) {
      this.logger.info({ replicas: replicas.length }, 'replicas changed')
      this.#reconcile()
      // Alerts of the gained may have been opened since they were looked for.
      this.wake()
    }
  }

  /** The others may have acted for this share: what is known here counts again once it is as new as theirs. */
  async #lookHowFarToHear(): Promise<void> {
    this.logger.warn('this replica was not heard of for too long and is silent until it has caught up')
    const { stream } = this.stores
    this.#toHear = {
      positions: await Promise.all(this.followers.map(async (_, shard) => (await stream.lastId(shard)) ?? '0-0')),
    }
  }

  #hasHeardAll(): boolean {
    const positions = this.#toHear?.positions
    if (!positions) return false
    return this.followers.every((follower, shard) => compareEntryIds(follower.position, positions[shard] ?? '0-0') >= 0)
  }

  /** Caught up. What was said last was said by others: everything is to be said anew. */
  #comeBack(): void {
    this.#toHear = undefined
    for (const tracker of this.share.trackers) {
      tracker.saidVerdicts.clear()
      tracker.touch()
    }
    this.logger.info({ owned: this.share.trackers.length }, 'this replica has caught up')
  }

  async #reload(): Promise<void> {
    const { redis, prefix, stream } = this.stores
    this.#hasMissedEntries ??= await hasMissedEntries(redis, prefix, stream)
    await this.budgets.load(this.stores.prisma)
    await this.#lookForOpenAlerts()
    const former = this.#definitions
    this.#definitions = await this.#book.read(this.stores.prisma)
    if (former === this.#definitions) return
    const known = new Set(this.#definitions.map((slo) => slo.id))
    const archived = (former ?? []).filter((slo) => !known.has(slo.id))
    this.#reconcile()
    for (const { id, workspaceId } of archived) {
      this.publisher.forget(id)
      await removeSloStatuses(redis, prefix, workspaceId, [id])
      await removeSloBackfills(redis, prefix, workspaceId, [id])
    }
  }

  /** A first verdict was kept back where no alert was open; one may have been opened since by what a former owner said. */
  async #lookForOpenAlerts(): Promise<void> {
    const openRules = await openAlertRules(this.stores.prisma)
    this.openRules = openRules
    if (openRules.size === 0) return
    for (const tracker of this.share.plan.planned) {
      for (const [ruleId, { isUnsaid }] of tracker.saidVerdicts) if (isUnsaid && openRules.has(ruleId)) tracker.touch()
    }
  }

  #reconcile(): void {
    if (!this.#definitions || this.#replicas.length === 0) return
    const { gained, lost, broken } = this.share.reconcile(this.#definitions, this.#replicas, this.now())
    for (const { definition, reason } of broken)
      this.logger.error({ sloId: definition.id, reason }, 'the SLO cannot be evaluated')
    for (const tracker of lost) {
      this.#unplan(tracker)
      this.publisher.forget(tracker.definition.id)
    }
    this.#plan(gained, this.#hasMissedEntries ?? true)
    this.#hasMissedEntries = false
    if (gained.length > 0 || lost.length > 0) {
      this.logger.info({ gained: gained.length, lost: lost.length, owned: this.share.trackers.length }, 'share changed')
    }
    // The stream is followed only once somebody is there to hear it: what came before is read for the newcomers.
    for (const follower of this.followers) follower.start()
  }

  #plan(newcomers: readonly SloTracker[], hasMissedEntries: boolean): void {
    for (const tracker of newcomers) {
      tracker.hasMissedEntries = hasMissedEntries
      this.toRebuild.add(tracker)
      this.toCatchUp.add(tracker)
    }
    if (newcomers.length > 0) this.#loops?.newcomers.wake()
  }

  #unplan(tracker: SloTracker): void {
    this.toRebuild.delete(tracker)
    this.toCatchUp.delete(tracker)
  }

  #follower(shard: number): StreamFollower {
    return new StreamFollower({
      stream: this.stores.stream,
      shard,
      logger: this.logger,
      reader: `evaluate/${this.#replica}`,
      onEntry: (entry) => this.take(entry, shard),
      onGap: () => this.restart(this.share.trackers),
      now: () => this.now(),
    })
  }

  #stopLoops(): Promise<void>[] {
    return (this.#loops?.all ?? []).map((loop) => loop.stop())
  }

  #instrument(instruments: Instruments): (seconds: number) => void {
    instruments.observableGauge('nines.evaluate.slos', { unit: '{slo}', description: 'SLOs owned' }, () => [
      { value: this.share.trackers.filter((tracker) => tracker.isReady).length, attributes: { state: 'ready' } },
      { value: this.toRebuild.size, attributes: { state: 'rebuilding' } },
      // Of these so many can page.
      { value: [...this.toRebuild].filter((tracker) => tracker.canDecide).length, attributes: { state: 'recent' } },
    ])
    instruments.observableGauge(
      'nines.evaluate.stream.lag',
      { unit: 's', description: 'Age of the newest entry when taken' },
      () => this.followers.map((follower, shard) => ({ value: follower.lagMs / 1000, attributes: { shard } })),
    )
    const histogram = instruments.histogram('nines.evaluate.tick.duration', { unit: 's' })
    return (seconds) => histogram.record(seconds)
  }
}
