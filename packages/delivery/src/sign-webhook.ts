import { createHmac, randomBytes } from 'node:crypto'
import { NinesError } from '@nines/kernel'

const SECRET_PREFIX = 'whsec_'

/** A signing secret as Standard Webhooks writes it: `whsec_` and 32 random bytes in base64. */
export function newWebhookSecret(): string {
  return `${SECRET_PREFIX}${randomBytes(32).toString('base64')}`
}

export interface SignedMessage {
  /** The webhook-id: the same on every attempt. */
  id: string
  /** Epoch seconds of this attempt; receivers refuse old ones. */
  timestampSeconds: number
  /** Exactly the bytes that are sent. */
  body: string
  /** Current secret first. During a rotation the previous one signs too, so that no receiver misses a message. */
  secrets: readonly string[]
}

/** Headers of Standard Webhooks 1.0: HMAC-SHA-256 over `id.timestamp.body`, one `v1` signature a secret. */
export function webhookHeaders(message: SignedMessage): Record<string, string> {
  if (message.secrets.length === 0) throw new NinesError('internal', 'a webhook needs a signing secret')
  const content = `${message.id}.${message.timestampSeconds}.${message.body}`
  const signatures = message.secrets.map((secret) => `v1,${hmac(secret, content)}`)
  return {
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestampSeconds),
    'webhook-signature': signatures.join(' '),
  }
}

function hmac(secret: string, content: string): string {
  const base64 = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret
  return createHmac('sha256', Buffer.from(base64, 'base64')).update(content).digest('base64')
}
