import { suggestSlos, type SloSuggestions } from '@nines/contracts'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { namesText } from '../../model/suggestion-words.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { usePath } from '../../queries/workspace.tsx'
import { Instant } from '../instant.tsx'
import { Panel } from '../panel.tsx'
import { Empty, ListSkeleton, QueryView } from '../query-view.tsx'
import { SuggestionCard } from './suggestion-card.tsx'

export interface SuggestionsAsked {
  serviceId: string
  days: number
  /** What telemetry calls the service, where somebody said so. */
  name: string | undefined
  onName: (name: string | undefined) => void
}

/** The suggestions for a service, what was looked at besides, and what to send where there is nothing. */
export function SuggestionsView({ serviceId, days, name, onName }: SuggestionsAsked) {
  const query = useApiQuery(
    suggestSlos,
    { params: { id: serviceId }, query: { days, name } },
    { asksOnce: true, keepPrevious: false },
  )
  return (
    <QueryView query={query} name="The suggestions" skeleton={<Counting days={days} />}>
      {(data) => (
        <div className="stack">
          {data.items.length === 0 ? (
            <Panel>
              <Nothing data={data} days={days} onName={onName} />
            </Panel>
          ) : (
            <>
              <p className="hint" style={{ margin: 0 }}>
                Looked at <Instant at={data.from} format="date" /> to <Instant at={data.to} format="minute" />,
                telemetry of {data.foundNames.length === 0 ? data.service.name : data.foundNames.join(', ')}. Days are
                UTC’s.
              </p>
              <div className="suggestions">
                {data.items.map((suggestion) => (
                  <SuggestionCard key={suggestion.slug} suggestion={suggestion} serviceId={serviceId} />
                ))}
              </div>
            </>
          )}
          {data.leftOut.length > 0 && (
            <LeftOut items={data.leftOut} isAsking={query.isFetching} onAsk={() => void query.refetch()} />
          )}
        </div>
      )}
    </QueryView>
  )
}

function Counting({ days }: { days: number }) {
  return (
    <Panel title={`Last ${days} days`}>
      <p className="muted">
        Looking at what the service sends, and counting it minute by minute. It takes some seconds.
      </p>
      <ListSkeleton rows={3} height={72} />
    </Panel>
  )
}

function Nothing({ data, days, onName }: { data: SloSuggestions; days: number; onName: (name: string) => void }) {
  const path = usePath()
  const isKnown = data.foundNames.length > 0
  return (
    <Empty
      title={isKnown ? 'Nothing to base a target on yet' : 'No telemetry of this service'}
      action={
        <Button variant="default" component={Link} to={path('/slos/new')}>
          Define an SLO by hand
        </Button>
      }
    >
      {isKnown
        ? `${data.foundNames.join(', ')} sends telemetry, but nothing of the last ${days} days says how its users fare.`
        : `Nothing came under ${namesText(data.names)} in the last ${days} days.`}{' '}
      Send one of these with <code>service.name</code> set to <code>{data.service.slug}</code>: OpenTelemetry’s HTTP,
      RPC or messaging metrics, Prometheus counters by status, spans of kind server, or add a check.
      {data.otherNames.length > 0 && (
        <span className="suggestion-names">
          Or is it one of these?
          {data.otherNames.map((other) => (
            <Button key={other} variant="default" size="compact-sm" onClick={() => onName(other)}>
              {other}
            </Button>
          ))}
        </span>
      )}
    </Empty>
  )
}

interface LeftOutProps {
  items: SloSuggestions['leftOut']
  isAsking: boolean
  onAsk: () => void
}

/** What was counted is known for some minutes, so that asking again gets to what there was no time for. */
function LeftOut({ items, isAsking, onAsk }: LeftOutProps) {
  return (
    <Panel
      title="Looked at and left out"
      flush
      actions={
        <Button variant="default" loading={isAsking} onClick={onAsk}>
          Look again
        </Button>
      }
    >
      <ul className="suggestion-left-out">
        {items.map(({ what, why }) => (
          <li key={`${what} ${why}`}>
            <span className="wrap-anywhere">{what}</span>
            <span className="meta">{why}</span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
