import {
  getChange,
  windowText,
  type ChangeDetail,
  type ChangeEffect,
  type IncidentBesideChange,
} from '@nines/contracts'
import { Drawer } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { changeSeconds } from '../../model/changes-search.ts'
import { effectsBySlo, type EffectsOfSlo } from '../../model/effects-by-slo.ts'
import { formatDuration } from '../../model/format-duration.ts'
import { formatCount } from '../../model/format-number.ts'
import { formatBudget, formatTarget } from '../../model/format-ratio.ts'
import { CHANGE_KIND } from '../../model/words.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { usePath } from '../../queries/workspace.tsx'
import { Instant } from '../instant.tsx'
import { ListSkeleton, QueryView } from '../query-view.tsx'
import { StatusBadge } from '../status-badge.tsx'

interface ChangeDrawerProps {
  /** null while none is asked about. */
  id: string | null
  onClose: () => void
}

/** One change: what its sender said, what it spent of budgets, and the incidents around it. */
export function ChangeDrawer({ id, onClose }: ChangeDrawerProps) {
  return (
    <Drawer opened={id !== null} onClose={onClose} position="right" size="lg" title="What came of this change?">
      {id !== null && <Loaded id={id} />}
    </Drawer>
  )
}

function Loaded({ id }: { id: string }) {
  const change = useApiQuery(getChange, { params: { id } })
  return (
    <QueryView query={change} name="The change" skeleton={<ListSkeleton rows={5} height={44} />}>
      {(data) => (
        <div className="stack">
          <Said change={data} />
          <Effects change={data} />
          <Incidents incidents={data.incidents} />
        </div>
      )}
    </QueryView>
  )
}

function Said({ change }: { change: ChangeDetail }) {
  const path = usePath()
  const { service, serviceName, environment, version, author, url, startedAt } = change
  const took = changeSeconds(change)
  return (
    <section aria-label={change.title}>
      <h3 className="wrap-anywhere" style={{ margin: '0 0 8px' }}>
        {change.title}
      </h3>
      <dl className="facts">
        <dt>Kind</dt>
        <dd>
          {CHANGE_KIND[change.kind]}{' '}
          <span className="muted">
            {change.source === 'spans' ? 'a version that spans had not carried before' : `told as ${change.externalId}`}
          </span>
        </dd>
        <dt>Service</dt>
        <dd>
          {service === null ? serviceName : <Link to={path(`/slos?service=${service.id}`)}>{service.name}</Link>}
          {environment !== '' && <span className="muted"> in {environment}</span>}
        </dd>
        <dt>Started</dt>
        <dd>
          <Instant at={startedAt} />
          {took !== null && <span className="muted">, took {formatDuration(took)}</span>}
        </dd>
        {version !== null && (
          <>
            <dt>Version</dt>
            <dd className="mono wrap-anywhere">{version}</dd>
          </>
        )}
        {author !== null && (
          <>
            <dt>By</dt>
            <dd>{author}</dd>
          </>
        )}
        {url !== null && (
          <>
            <dt>Link</dt>
            <dd className="wrap-anywhere">
              <a href={url} target="_blank" rel="noreferrer">
                {url}
              </a>
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function Effects({ change: { effects, effectsUntil, service } }: { change: ChangeDetail }) {
  return (
    <section aria-label="What it spent">
      <h3 style={{ margin: '0 0 4px' }}>What it spent</h3>
      {effects.length === 0 ? (
        <p className="muted">
          {service === null
            ? 'Its service is not in the catalogue, so that no SLO is known that it could have spent from.'
            : 'No SLO of its service counted anything since.'}
        </p>
      ) : (
        <>
          <ul className="change-list">
            {effectsBySlo(effects).map(([first, ...further]) => (
              <EffectsOnSlo key={first.sloId} effects={[first, ...further]} />
            ))}
          </ul>
          <p className="meta">
            Burns that began while it rolled out or within half an hour after, up to{' '}
            <Instant at={effectsUntil} format="minute" />. What an incident or maintenance answers for stands there.
          </p>
        </>
      )}
    </section>
  )
}

/** An SLO with one objective is one row; with several its name stands over a row for each. */
function EffectsOnSlo({ effects }: { effects: EffectsOfSlo }) {
  const path = usePath()
  const [{ sloId, sloName }] = effects
  const name = (
    <Link to={path(`/slos/${sloId}`)} className="plain-link">
      {sloName}
    </Link>
  )
  return (
    <li>
      {effects.length > 1 && name}
      {effects.map((effect) => (
        <Effect key={effect.objective} effect={effect} name={effects.length > 1 ? null : name} />
      ))}
    </li>
  )
}

function Effect({ effect, name }: { effect: ChangeEffect; name: ReactNode }) {
  const { target, window, counts, minutes, first, badEvents, share } = effect
  return (
    <div className={`change-effect ${name === null ? 'of-objective' : ''}`}>
      <div>
        {name}{' '}
        <span className="muted">
          {formatTarget(target)} over {windowText(window)}
        </span>
        <div className="meta">
          {minutes === 0 ? (
            'Nothing burned after it'
          ) : (
            <>
              {formatCount(badEvents)} bad {counts} in {formatCount(minutes)} min, from{' '}
              <Instant at={first} format="minute" />
            </>
          )}
        </div>
      </div>
      <strong className="num">{formatBudget(share)}</strong>
    </div>
  )
}

function Incidents({ incidents }: { incidents: readonly IncidentBesideChange[] }) {
  const path = usePath()
  return (
    <section aria-label="Incidents around it">
      <h3 style={{ margin: '0 0 4px' }}>Incidents around it</h3>
      {incidents.length === 0 ? (
        <p className="muted">No incident of its service was open then or opened within two hours.</p>
      ) : (
        <ul className="change-list">
          {incidents.map((incident) => (
            <li key={incident.id} className="change-effect">
              <div>
                <Link to={path(`/incidents/${incident.id}`)} className="plain-link">
                  #{incident.number} {incident.title}
                </Link>
                <div className="meta">
                  opened <Instant at={incident.openedAt} />
                </div>
              </div>
              <StatusBadge of="incidentSeverity" state={incident.severity} bare />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
