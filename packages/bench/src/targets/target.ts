import type { Signal } from '../load/load-batch.ts'
import type { NamedProcess } from '../usage/usage-meter.ts'

/** A system under load: Nines or a peer, with fresh data, on loopback. */
export interface Target {
  name: string
  url: string
  /** Sent with every request. */
  headers: Record<string, string>
  /** Every process whose time and memory count. */
  processes: NamedProcess[]
  /** Returns once everything that was answered 2xx is in the store. */
  drain(): Promise<void>
  /** Returns once everything that is made of what is stored has been made, where that goes on in the background. */
  settle?(): Promise<void>
  /** Rows of the load that the system itself counts. */
  stored(signal: Signal): Promise<number>
  diskBytes(): Promise<DiskUse>
  /** Ends its processes. The folder is the caller's. */
  stop(): Promise<void>
}

export interface DiskUse {
  /** What a sample's share is taken from. */
  bytes: number
  /** Parts of it worth seeing, by name. */
  parts: Record<string, number>
}

/** Starts a target with its data in `folder`. */
export type StartTarget = (folder: string) => Promise<Target>
