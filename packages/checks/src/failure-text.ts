import { messageOf } from '@nines/kernel'

/** What system error codes mean to the reader of a check. */
const MEANINGS: Record<string, string> = {
  ENOTFOUND: 'DNS: the name does not exist',
  EAI_AGAIN: 'DNS: the name servers did not answer',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the server',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'connection timed out',
  UND_ERR_SOCKET: 'the server closed the connection without an answer',
  CERT_HAS_EXPIRED: 'TLS: the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS: the certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'TLS: the certificate chain ends in an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'TLS: the certificate chain is incomplete or of an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS: the certificate is for another name',
}

/** Why a request failed, for a person. */
export function failureText(error: unknown): string {
  const meaning = MEANINGS[codeOf(error) ?? '']
  const message = messageOf(error)
  return meaning === undefined ? message : `${meaning} (${message})`
}

function codeOf(error: unknown): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  const code: unknown = first instanceof Error && 'code' in first ? first.code : undefined
  return typeof code === 'string' ? code : undefined
}
