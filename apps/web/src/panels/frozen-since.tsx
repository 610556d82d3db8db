import type { AlertDto } from '@nines/contracts'
import { Instant } from './instant.tsx'

/** Says since when nobody can say whether an open alert is over; nothing while there is data. */
export function FrozenSince({ alert, before = '' }: { alert: Pick<AlertDto, 'frozenSince'>; before?: string }) {
  if (alert.frozenSince === null) return null
  return (
    <span className="is-warn">
      {before}frozen since <Instant at={alert.frozenSince} />
    </span>
  )
}
