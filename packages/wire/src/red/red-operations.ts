import { ByteKeyMap, type ByteSpan } from '../byte-key-map.ts'
import type { SeriesCache } from '../series/series-cache.ts'
import { RedOperation } from './red-operation.ts'

/** What stands for everything beyond a limit. */
const OTHER = '_other'
const FORGET_AFTER_MS = 24 * 60 * 60_000
const SWEEP_EVERY_MS = 10 * 60_000
/** Names that are found by their bytes; others are found by their text. */
const REMEMBERED = 200_000

export interface RedLimits {
  /** Services of a workspace (default 1,000). */
  services?: number
  /** Operations of a service (default 500). */
  operations?: number
}

interface Service {
  /** Stands for the service as a context of byte keys. */
  number: number
  name: string
  operations: Map<string, RedOperation>
  other: RedOperation
  seenAt: number
  sweptAt: number
  isForgotten: boolean
}

interface Workspace {
  services: Map<string, Service>
  sweptAt: number
}

/**
 * Operations of all workspaces that have series of their own. Names that are made up for each request must not make a
 * series each: beyond a limit they count as `_other`, until an operation that has its own was not seen for a day.
 */
export class RedOperations {
  readonly #cache: SeriesCache
  readonly #maxServices: number
  readonly #maxOperations: number
  readonly #services = new ByteKeyMap<Service>(REMEMBERED)
  readonly #operations = new ByteKeyMap<RedOperation>(REMEMBERED)
  readonly #workspaces = new Map<number, Workspace>()
  #nextNumber = 1

  constructor(cache: SeriesCache, { services = 1_000, operations = 500 }: RedLimits = {}) {
    this.#cache = cache
    this.#maxServices = services
    this.#maxOperations = operations
  }

  /** The operation of a span by the bytes of its service's name and its own; `now` is the batch's time, epoch ms. */
  find(workspace: number, serviceName: ByteSpan, name: ByteSpan, now: number): RedOperation {
    const service = this.#findService(workspace, serviceName, now)
    service.seenAt = now
    const known = this.#operations.get(service.number, name)
    if (!known || known.isForgotten) return this.#addOperation(workspace, service, name, now)
    known.seenAt = now
    return known
  }

  #findService(workspace: number, name: ByteSpan, now: number): Service {
    const known = this.#services.get(workspace, name)
    return known && !known.isForgotten ? known : this.#addService(workspace, name, now)
  }

  #addService(number: number, span: ByteSpan, now: number): Service {
    const workspace = this.#workspaces.get(number) ?? { services: new Map<string, Service>(), sweptAt: 0 }
    this.#workspaces.set(number, workspace)
    const { services } = workspace
    const name = textOf(span)
    const isFull = () => !services.has(name) && services.size >= this.#maxServices
    if (isFull()) forgetOld(workspace, services, now)
    if (isFull()) return this.#serviceNamed(number, services, OTHER)
    const service = this.#serviceNamed(number, services, name)
    this.#services.set(number, span, service)
    return service
  }

  #serviceNamed(workspace: number, services: Map<string, Service>, name: string): Service {
    const known = services.get(name)
    if (known) return known
    const made = {
      number: this.#nextNumber++,
      name,
      operations: new Map<string, RedOperation>(),
      other: new RedOperation(workspace, name, OTHER, this.#cache),
      seenAt: 0,
      sweptAt: 0,
      isForgotten: false,
    }
    services.set(name, made)
    return made
  }

  #addOperation(workspace: number, service: Service, span: ByteSpan, now: number): RedOperation {
    const name = textOf(span)
    const { operations } = service
    const isFull = () => !operations.has(name) && operations.size >= this.#maxOperations
    if (isFull()) forgetOld(service, operations, now)
    if (isFull()) return service.other
    const operation = operations.get(name) ?? new RedOperation(workspace, service.name, name, this.#cache)
    operation.seenAt = now
    operations.set(name, operation)
    this.#operations.set(service.number, span, operation)
    return operation
  }
}

/** Makes room: forgets what was not seen for a day. Looks at all of them, hence seldom. */
function forgetOld(
  holder: { sweptAt: number },
  items: Map<string, { seenAt: number; isForgotten: boolean }>,
  now: number,
): void {
  if (now - holder.sweptAt < SWEEP_EVERY_MS) return
  holder.sweptAt = now
  for (const [name, item] of items)
    if (now - item.seenAt > FORGET_AFTER_MS) {
      item.isForgotten = true
      items.delete(name)
    }
}

function textOf({ bytes, start, end }: ByteSpan): string {
  return bytes.toString('utf8', start, end)
}
