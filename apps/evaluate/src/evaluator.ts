import { messageOf, type Logger } from '@nines/kernel'
import type { Instruments } from '@nines/instrument'
import { removeSloBackfills, removeSloStatuses, type BlockEntry } from '@nines/pipeline'
import { SloDefinitionBook, type SloDefinition } from '@nines/records'
import type { Hearing } from '@nines/slo'
import { BackgroundLoop } from './background-loop.ts'
import { evaluateTick } from './evaluate-tick.ts'
import type { EvaluatorState, EvaluatorStores } from './evaluator-state.ts'
import { hasMissedEntries } from './follow-position.ts'
import { maintain } from './maintain.ts'
import { rebuildNewcomers } from './rebuild-newcomers.ts'
import { beat, BEAT_INTERVAL_MS, leave } from './replica-heartbeat.ts'
import { SilentSeries } from './silent-series.ts'
import { SloShare } from './slo-share.ts'
import type { SloTracker } from './slo-tracker.ts'
import { StatusPublisher } from './status-publisher.ts'
import { StreamFollower } from './stream-follower.ts'

const TICK_MS = 100
const RELOAD_MS = 10_000
const MAINTENANCE_MS = 500

/** One replica of evaluate: who it is, what it owns, and the loops that keep it going. */
export class Evaluator implements EvaluatorState {
  readonly stores: EvaluatorStores
  readonly logger: Logger
  readonly publisher: StatusPublisher
  readonly share: SloShare
  readonly followers: readonly StreamFollower[]
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
  #clockOffsetMs = 0
  #loops: { reload: BackgroundLoop; rebuilds: BackgroundLoop; all: BackgroundLoop[] } | undefined
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
    return Date.now() + this.#clockOffsetMs
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
    } catch (error) {
      this.logger.error({ id, reason: messageOf(error) }, 'a block cannot be evaluated and is skipped')
    }
  }

  start(): void {
    const loop = (name: string, intervalMs: number, turn: () => Promise<void>) =>
      new BackgroundLoop({ name, intervalMs, logger: this.logger, turn })
    const reload = loop('loading SLOs', RELOAD_MS, () => this.#reload())
    const heartbeat = loop('heartbeat', BEAT_INTERVAL_MS, () => this.#beat())
    const tick = loop('evaluation', TICK_MS, () => this.#tick())
    const maintenance = loop('maintenance', MAINTENANCE_MS, () => this.#maintain())
    const rebuilds = loop('rebuilding SLOs', MAINTENANCE_MS, () => rebuildNewcomers(this))
    this.#loops = { reload, rebuilds, all: [heartbeat, reload, tick, maintenance, rebuilds] }
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
    await evaluateTick(this)
    this.#recordTick((performance.now() - startedAt) / 1000)
  }

  async #maintain(): Promise<void> {
    await maintain(this)
    await this.#silentSeries.forget(this)
  }

  async #beat(): Promise<void> {
    const sentAt = Date.now()
    const { now, replicas } = await beat(this.stores.redis, this.stores.prefix, this.#replica)
    this.#clockOffsetMs = Math.round(now - (sentAt + Date.now()) / 2)
    const hasChanged = replicas.join() !== this.#replicas.join()
    this.#replicas = replicas
    if (hasChanged) {
      this.logger.info({ replicas: replicas.length }, 'replicas changed')
      this.#reconcile()
    }
  }

  async #reload(): Promise<void> {
    const { redis, prefix, stream } = this.stores
    this.#hasMissedEntries ??= await hasMissedEntries(redis, prefix, stream)
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
    if (newcomers.length > 0) this.#loops?.rebuilds.wake()
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
