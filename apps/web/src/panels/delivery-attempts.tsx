import { formatMillis } from '../model/format-number.ts'
import { Instant } from './instant.tsx'
import { StatusBadge } from './status-badge.tsx'

interface Attempt {
  id: string
  attempt: number
  at: string
  durationMs: number
  status: number | null
  error: string | null
  succeeded: boolean
}

/** Every attempt to deliver one message, oldest first: when, the answer or the error, how long it took. */
export function DeliveryAttempts({ attempts }: { attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return <p className="meta">No attempt yet.</p>
  return (
    <ol className="attempts" aria-label="Delivery attempts">
      {[...attempts]
        .sort((a, b) => a.attempt - b.attempt)
        .map((attempt) => (
          <li key={attempt.id}>
            <span className="num muted">#{attempt.attempt}</span>
            <Instant at={attempt.at} />
            <span className="wrap-anywhere">
              <StatusBadge of="delivery" state={attempt.succeeded ? 'delivered' : 'failed'} bare />{' '}
              <span className="muted">{answerOf(attempt)}</span>
            </span>
            <span className="num muted">{formatMillis(attempt.durationMs)}</span>
          </li>
        ))}
    </ol>
  )
}

function answerOf({ status, error }: Attempt): string {
  return [status === null ? null : `HTTP ${status}`, error].filter(Boolean).join(': ')
}
