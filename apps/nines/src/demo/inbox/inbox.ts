import { webhookBody, type WebhookBody } from '@nines/contracts'
import { messageOf } from '@nines/kernel'
import { Webhook } from 'standardwebhooks'

/** One message as the demo's receiver took it. */
export interface ReceivedMessage {
  /** The webhook-id. */
  id: string
  /** Epoch ms of the first delivery. */
  receivedAt: number
  /** How often it came; a repeat has the same id. */
  deliveries: number
  /** Why the signature does not hold; null when it does. */
  signatureProblem: string | null
  body: WebhookBody | null
}

const KEPT = 50

/** A receiver as anyone might build it: verifies the signature, drops repeats, keeps the newest messages. */
export class Inbox {
  #messages: ReceivedMessage[] = []

  /** Newest first. */
  get messages(): readonly ReceivedMessage[] {
    return this.#messages
  }

  /** `secrets`: those of the channel, any of which may have signed. */
  receive(raw: string, headers: Record<string, string>, secrets: readonly string[], now: number): ReceivedMessage {
    const id = headers['webhook-id'] ?? ''
    const signatureProblem = problemOf(raw, headers, secrets)
    const known = this.#messages.find((message) => message.id === id)
    if (known && signatureProblem === null) {
      known.deliveries++
      return known
    }
    const parsed = webhookBody.safeParse(parseJson(raw))
    const body = parsed.success ? parsed.data : null
    const message = { id, receivedAt: now, deliveries: 1, signatureProblem, body }
    this.#messages = [message, ...this.#messages].slice(0, KEPT)
    return message
  }
}

function problemOf(raw: string, headers: Record<string, string>, secrets: readonly string[]): string | null {
  let problem = 'the channel has no signing secret'
  for (const secret of secrets) {
    try {
      new Webhook(secret).verify(raw, headers)
      return null
    } catch (error) {
      problem = messageOf(error)
    }
  }
  return problem
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
