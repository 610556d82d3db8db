import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { callbackify } from 'node:util'
import { NinesError } from '@nines/kernel'
import type { buildConnector } from 'undici'
import { addressRefusal, type AddressPolicy } from './address-policy.ts'

/** How one connection came about. Durations in milliseconds; null where the phase did not happen. */
export interface ConnectionTimings {
  /** The address that the socket is connected to. */
  address: string
  dnsMs: number | null
  connectMs: number
  tlsMs: number | null
}

export interface GuardedConnectorOptions extends AddressPolicy {
  /** Limit for name resolution, TCP and TLS together. */
  timeoutMs: number
  /** Extra certificate authorities (PEM) to trust beside the system's. */
  ca?: string
  onConnected?: (timings: ConnectionTimings) => void
}

type Resolved = { address: string; family: number }[]

/**
 * An undici connector that resolves afresh for every connection and connects only to addresses that the policy allows.
 * The check is made on the very addresses handed to the socket, so a name that changes its answer gains nothing.
 * A refused address fails with NinesError 'forbidden', one that does not answer in time with 'unavailable'.
 */
export function guardedConnector(options: GuardedConnectorOptions): buildConnector.connector {
  return (target, callback) => {
    callbackify(() => openSocket(target, options))((error, socket) =>
      error ? callback(error, null) : callback(null, socket),
    )
  }
}

async function openSocket(
  target: buildConnector.Options,
  options: GuardedConnectorOptions,
): Promise<Socket | TLSSocket> {
  const deadline = AbortSignal.timeout(Math.ceil(options.timeoutMs))
  const { addresses, dnsMs } = await resolve(target.hostname, deadline, options)
  const secure = target.protocol === 'https:'
  const port = Number(target.port) || (secure ? 443 : 80)

  const connectStarted = performance.now()
  const tcp = connectTcp({ host: target.hostname, port, lookup: answering(addresses), noDelay: true })
  await opened(tcp, 'connect', deadline, `no connection to ${target.hostname} port ${port} in time`)
  const connectMs = performance.now() - connectStarted
  const address = tcp.remoteAddress ?? ''
  if (!secure) {
    options.onConnected?.({ address, dnsMs, connectMs, tlsMs: null })
    return tcp
  }

  const tlsStarted = performance.now()
  const servername = target.servername || (isIP(target.hostname) ? '' : target.hostname)
  const tls = connectTls({
    socket: tcp,
    host: target.hostname,
    servername,
    ALPNProtocols: ['http/1.1'],
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  })
  await opened(tls, 'secureConnect', deadline, `no TLS session with ${target.hostname} in time`)
  options.onConnected?.({ address, dnsMs, connectMs, tlsMs: performance.now() - tlsStarted })
  return tls
}

/** The allowed addresses of a host; a host with none is refused. */
async function resolve(
  hostname: string,
  deadline: AbortSignal,
  policy: AddressPolicy,
): Promise<{ addresses: Resolved; dnsMs: number | null }> {
  const family = isIP(hostname)
  const started = performance.now()
  const found =
    family === 0 ? await before(deadline, lookup(hostname, { all: true }), hostname) : [{ address: hostname, family }]
  const dnsMs = family === 0 ? performance.now() - started : null
  const refusals = found.map((entry) => addressRefusal(entry.address, policy))
  const addresses = found.filter((_, index) => refusals[index] === null)
  if (addresses.length === 0) {
    const reason = refusals.find((refusal) => refusal !== null) ?? 'has no address'
    throw new NinesError('forbidden', `refused to connect to ${hostname}: its address ${reason}`)
  }
  return { addresses, dnsMs }
}

async function before<T>(deadline: AbortSignal, work: Promise<T>, hostname: string): Promise<T> {
  const expired = Promise.withResolvers<never>()
  const expire = () => expired.reject(new NinesError('unavailable', `${hostname} was not resolved in time`))
  deadline.addEventListener('abort', expire, { once: true })
  try {
    return await Promise.race([work, expired.promise])
  } finally {
    deadline.removeEventListener('abort', expire)
  }
}

/** A lookup that answers with the addresses already checked, so that the socket never asks DNS again. */
function answering(addresses: Resolved): LookupFunction {
  return (_hostname, options, callback) => {
    const first = addresses[0]
    if (options.all) callback(null, addresses)
    else if (first) callback(null, first.address, first.family)
  }
}

function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  deadline: AbortSignal,
  lateMessage: string,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const expire = () => socket.destroy(new NinesError('unavailable', lateMessage))
  const closedEarly = () => reject(new NinesError('unavailable', 'the connection was closed before it was open'))
  socket.once(event, resolve).once('error', reject).once('close', closedEarly)
  if (deadline.aborted) expire()
  else deadline.addEventListener('abort', expire, { once: true })
  return promise.finally(() => {
    deadline.removeEventListener('abort', expire)
    socket.off('error', reject).off('close', closedEarly)
  })
}
