export { openSpool, type Spool, type SpoolEntry, type SpoolOptions } from './open-spool.ts'
export { postEntry, retryAfterMs, type PostRequest, type SendOutcome } from './post-entry.ts'
export { startForwarder, type Forwarder, type ForwarderOptions } from './start-forwarder.ts'
