import { listBudgetEvents, type BudgetEventDto } from '@nines/contracts'
import { crossingText, leftText, promiseText } from '../../model/budget-policy-words.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { Instant } from '../instant.tsx'
import { QueryView } from '../query-view.tsx'
import { StatusBadge } from '../status-badge.tsx'

const SHOWN = 20

/** Thresholds that an SLO's budget crossed, newest first, and what became of the messages about it. */
export function BudgetEventsTable(props: { sloId: string; withObjective: boolean; none: string | null }) {
  const { sloId, withObjective, none } = props
  const events = useApiQuery(listBudgetEvents, { query: { sloId, limit: SHOWN } })
  return (
    <QueryView query={events} name="Past crossings" skeleton={<></>}>
      {({ items, nextCursor }) =>
        items.length === 0 ? (
          none !== null && <p className="muted budget-events-none">{none}</p>
        ) : (
          <div className="mini-scroll">
            <table className="mini-table" aria-label="Past crossings">
              <thead>
                <tr>
                  <th>When</th>
                  <th>Budget</th>
                  <th className="right">Left then</th>
                  <th>Told</th>
                </tr>
              </thead>
              <tbody>
                {items.map((event) => (
                  <EventRow key={event.id} event={event} withObjective={withObjective} />
                ))}
              </tbody>
            </table>
            {nextCursor !== null && <p className="meta budget-events-none">The last {SHOWN} are shown.</p>}
          </div>
        )
      }
    </QueryView>
  )
}

function EventRow({ event, withObjective }: { event: BudgetEventDto; withObjective: boolean }) {
  const { kind, at, budgetRemaining, freezes, notices, objective } = event
  return (
    <tr>
      <td>
        <Instant at={at} format="minute" />
      </td>
      <th scope="row" className="budget-event-what">
        {crossingText(event)}
        {freezes && <span className="muted">{kind === 'entered' ? ' · deploys frozen' : ' · deploys free'}</span>}
        {withObjective && <div className="meta">{promiseText(objective)}</div>}
      </th>
      <td className="right num">{leftText(budgetRemaining)}</td>
      <td>
        {notices.length === 0 && <span className="muted">nobody</span>}
        {notices.map((notice) => (
          <div key={`${notice.action} ${notice.channelName} ${notice.messageId}`} title={notice.problem ?? undefined}>
            {notice.channelName}
            {notice.action === 'ticket' && <span className="muted"> (ticket)</span>}{' '}
            <StatusBadge of="delivery" state={notice.state} bare />
          </div>
        ))}
      </td>
    </tr>
  )
}
