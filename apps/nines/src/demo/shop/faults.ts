import type { ShopServiceName } from './shop-routes.ts'

/** `errors`: half of the requests fail. `latency`: every request takes over half a second longer. */
export type FaultMode = 'errors' | 'latency'

const FAILING_SHARE = 0.5
const EXTRA_SECONDS = 0.6

/** What is broken in the shop now. */
export class Faults {
  readonly #modes = new Map<ShopServiceName, FaultMode>()

  break(service: ShopServiceName, mode: FaultMode): void {
    this.#modes.set(service, mode)
  }

  mend(service: ShopServiceName): void {
    this.#modes.delete(service)
  }

  /** Broken services and how. */
  state(): Partial<Record<ShopServiceName, FaultMode>> {
    return Object.fromEntries(this.#modes)
  }

  failingShare(service: ShopServiceName): number {
    return this.#modes.get(service) === 'errors' ? FAILING_SHARE : 0
  }

  extraSeconds(service: ShopServiceName): number {
    return this.#modes.get(service) === 'latency' ? EXTRA_SECONDS : 0
  }
}
