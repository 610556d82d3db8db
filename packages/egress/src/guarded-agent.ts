import { Agent } from 'undici'
import { guardedConnector, type GuardedConnectorOptions } from './guarded-connector.ts'

export type GuardedAgentOptions = Partial<GuardedConnectorOptions> & {
  /** Keep connections for further requests. Off by default: every request then connects, and is checked, afresh. */
  keepAlive?: boolean
}

/**
 * An undici dispatcher for requests to addresses that users of Nines choose: webhooks and checks. HTTP/1.1 only, no
 * redirects of its own, no proxies from the environment. Private addresses are refused unless allowed.
 */
export function guardedAgent(options: GuardedAgentOptions = {}): Agent {
  const { keepAlive = false, allowPrivate = false, timeoutMs = 10_000, ...rest } = options
  return new Agent({
    connect: guardedConnector({ allowPrivate, timeoutMs, ...rest }),
    pipelining: keepAlive ? 1 : 0,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}
