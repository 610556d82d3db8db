/** Attempts that one channel may have under way at once in this process. */
export const TURNS_AT_ONCE = 8
/** Bounds of the wait for a turn, in milliseconds; the longest is what an attempt may take. */
const SHORTEST_WAIT_MS = 100
const LONGEST_WAIT_MS = 10_000

interface Channel {
  underWay: number
  /** Attempts that were sent away and have not come back. */
  waiting: number
  /** How long the newest finished attempt took. */
  lastDurationMs: number
}

/**
 * Shares the places for deliveries out among the channels, so that one whose receiver hangs holds few of them, however
 * many messages it is to get, and the pages of the others go out.
 */
export class ChannelTurns {
  readonly #channels = new Map<string, Channel>()

  /** Takes a turn, to be given back with `leave`. Where there is none: the milliseconds after which to ask again. */
  enter(channelId: string, random: number): { waitMs: number } | null {
    const channel = this.#channels.get(channelId) ?? { underWay: 0, waiting: 0, lastDurationMs: 0 }
    this.#channels.set(channelId, channel)
    if (channel.underWay < TURNS_AT_ONCE) {
      channel.underWay++
      channel.waiting = Math.max(0, channel.waiting - 1)
      return null
    }
    channel.waiting++
    const expectedMs = (channel.waiting / TURNS_AT_ONCE) * channel.lastDurationMs * (1 + 0.2 * random)
    return { waitMs: Math.round(Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, expectedMs))) }
  }

  /** `durationMs`: how long the attempt took; null when there was none to make. */
  leave(channelId: string, durationMs: number | null): void {
    const channel = this.#channels.get(channelId)
    if (!channel) return
    channel.underWay--
    channel.lastDurationMs = durationMs ?? channel.lastDurationMs
    if (channel.underWay === 0 && channel.waiting === 0) this.#channels.delete(channelId)
  }
}
