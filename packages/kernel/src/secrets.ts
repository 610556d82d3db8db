import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { NinesError } from './errors.ts'

/** A random secret of 256 bits, URL-safe, with a readable prefix such as `nk_`. */
export function newToken(prefix: string): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
}

/** SHA-256 of a high-entropy token, hex. Tokens are random, so no salt or slow hash is needed. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** AES-256-GCM; output `v1.<iv>.<tag>.<ciphertext>` in base64url. `key` is 32 bytes in base64. */
export function encryptSecret(plain: string, key: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'base64'), iv)
  const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
  return ['v1', iv.toString('base64url'), cipher.getAuthTag().toString('base64url'), body.toString('base64url')].join(
    '.',
  )
}

/** Inverse of encryptSecret; throws when the key is wrong or the text was changed. */
export function decryptSecret(sealed: string, key: string): string {
  const [version, iv, tag, body] = sealed.split('.')
  if (version !== 'v1' || !iv || !tag || body === undefined)
    throw new NinesError('internal', 'stored secret is not in a known format')
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(key, 'base64'), Buffer.from(iv, 'base64url'))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8')
}

/**
 * A capability: JSON payload and HMAC-SHA-256 over it, `payload.signature` in base64url. `purpose` separates
 * uses of the one key, so that a link for one purpose is never valid for another.
 */
export function signToken(purpose: string, payload: object, key: string): string {
  const body = Buffer.from(JSON.stringify(payload)).toString('base64url')
  return `${body}.${mac(purpose, body, key)}`
}

/** The payload of a token made by signToken, or undefined when the signature does not hold. */
export function verifyToken(purpose: string, token: string, key: string): unknown {
  const [body, signature] = token.split('.')
  if (!body || !signature) return undefined
  const expected = Buffer.from(mac(purpose, body, key))
  const given = Buffer.from(signature)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** A secret of its own for one purpose, which tells nothing about the key. */
export function deriveSecret(purpose: string, key: string): string {
  return mac(purpose, 'derived secret', key)
}

function mac(purpose: string, body: string, key: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(`${purpose}\n${body}`).digest('base64url')
}
