import '../theme/composite.css'
import { getSloMembers, windowText, type MemberOfSlo, type SloDetail, type SloMembers } from '@nines/contracts'
import { Link } from '@tanstack/react-router'
import { COMBINE_HINT, contributionText, NO_DATA_LABEL } from '../model/composite-words.ts'
import { formatCount } from '../model/format-number.ts'
import { formatBudget, formatRatio, formatTarget } from '../model/format-ratio.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { usePath } from '../queries/workspace.tsx'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { ListSkeleton, QueryView } from './query-view.tsx'
import { StatusBadge } from './status-badge.tsx'

/** Of a composite: its members, how each stands and what it cost the whole. */
export function MembersPanel({ slo }: { slo: SloDetail }) {
  const members = useApiQuery(getSloMembers, { params: { id: slo.id } }, { keepPrevious: true })
  return (
    <QueryView query={members} name="The members" skeleton={<ListSkeleton rows={3} height={44} />}>
      {(data) => <MembersView slo={slo} members={data} />}
    </QueryView>
  )
}

function MembersView({ slo, members: { combine, members, to } }: { slo: SloDetail; members: SloMembers }) {
  if (combine === null) return null
  return (
    <Panel
      title="Members"
      flush
      actions={
        <span className="meta">
          {windowText(slo.window)}, to <Instant at={to} format="minute" />
        </span>
      }
      note={`${COMBINE_HINT[combine]} The last column is each member’s part of what was spent of this budget: together 100 %.`}
    >
      <div className="mini-scroll">
        <table className="mini-table" aria-label="Members">
          <thead>
            <tr>
              <th>Member</th>
              <th>State</th>
              {combine === 'weighted' && <th className="right">Weight</th>}
              <th className="right">SLI</th>
              <th className="right wide-only">Its target</th>
              <th className="right wide-only">Its budget left</th>
              <th className="wide-only">Without data</th>
              <th className="right">Spent by it</th>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <MemberRow key={member.sloId} member={member} />
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

function MemberRow({ member }: { member: MemberOfSlo }) {
  const path = usePath()
  const { sli, target, weight, weightShare, silentMinutes, contributionUnits } = member
  return (
    <tr>
      <th scope="row">
        <Link to={path(`/slos/${member.sloId}`)}>{member.name}</Link>
        <span className="meta composite-service">{member.service.name}</span>
      </th>
      <td>
        <StatusBadge of="data" state={member.state ?? 'unmeasured'} bare />
      </td>
      {weight !== null && (
        <td className="right num">
          {weight} <span className="muted">({formatBudget(weightShare)})</span>
        </td>
      )}
      <td className="right num">
        <span className={sli !== null && sli < target ? 'is-bad' : ''}>{formatRatio(sli)}</span>
      </td>
      <td className="right num wide-only">{formatTarget(target)}</td>
      <td className="right num wide-only">{formatBudget(member.budgetRemaining)}</td>
      <td className="wide-only">
        {NO_DATA_LABEL[member.noData]}
        {silentMinutes > 0 && <span className="meta composite-service">{formatCount(silentMinutes)} min silent</span>}
      </td>
      <td className="right num">{contributionText(contributionUnits)}</td>
    </tr>
  )
}

/** The composites that an SLO is part of; nothing where there is none. */
export function PartOf({ slo }: { slo: SloDetail }) {
  const path = usePath()
  const { data } = useApiQuery(getSloMembers, { params: { id: slo.id } }, { keepPrevious: true })
  if (data === undefined || data.partOf.length === 0) return null
  return (
    <span className="row-links">
      <span className="muted">Part of</span>
      {data.partOf.map(({ id, name }) => (
        <Link key={id} to={path(`/slos/${id}`)}>
          {name}
        </Link>
      ))}
    </span>
  )
}
