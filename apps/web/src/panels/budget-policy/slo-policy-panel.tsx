import '../../theme/budget-policy.css'
import { getSloBudgetPolicy, type SloBudgetPolicy, type SloDetail } from '@nines/contracts'
import { Button, Modal } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { watchedText } from '../../model/budget-policy-words.ts'
import { useApiQuery } from '../../queries/use-api.ts'
import { useMay, usePath } from '../../queries/workspace.tsx'
import { Panel } from '../panel.tsx'
import { QueryView } from '../query-view.tsx'
import { BudgetEventsTable } from './budget-events-table.tsx'
import { BudgetStepsList } from './budget-steps-list.tsx'
import { FollowPolicyDialog } from './follow-policy-form.tsx'
import { StandingBadge } from './standing-badge.tsx'

/** The budget policy that an SLO follows, which of its steps are in force, and what it crossed before. */
export function SloPolicyPanel({ slo }: { slo: SloDetail }) {
  const mayEdit = useMay('editor')
  const followed = useApiQuery(getSloBudgetPolicy, { params: { id: slo.id } })
  const [isChoosing, setChoosing] = useState(false)
  const hasMany = slo.furtherObjectives.length > 0
  return (
    <Panel
      title="Budget policy"
      flush
      actions={
        mayEdit &&
        followed.data !== undefined && (
          <Button variant="default" onClick={() => setChoosing(true)}>
            {followed.data.policy === null ? 'Follow a policy' : 'Change'}
          </Button>
        )
      }
    >
      <QueryView query={followed} name="The budget policy">
        {(data) => <Followed followed={data} hasMany={hasMany} />}
      </QueryView>
      <BudgetEventsTable
        sloId={slo.id}
        withObjective={hasMany}
        none={followed.data?.policy ? 'No threshold was crossed yet.' : null}
      />
      <Modal opened={isChoosing} onClose={() => setChoosing(false)} title="Budget policy of this SLO">
        {isChoosing && followed.data !== undefined && (
          <FollowPolicyDialog slo={slo} followed={followed.data} onClose={() => setChoosing(false)} />
        )}
      </Modal>
    </Panel>
  )
}

function Followed({ followed, hasMany }: { followed: SloBudgetPolicy; hasMany: boolean }) {
  const path = usePath()
  const { policy, standing, objective } = followed
  if (policy === null || standing === null) {
    return (
      <p className="muted budget-events-none">
        None: nothing happens by itself when little of the budget is left. A{' '}
        <Link to={path('/settings/budget-policies')}>budget policy</Link> tells people, opens tickets and freezes
        deploys.
      </p>
    )
  }
  return (
    <div className="slo-policy">
      <div className="row-between">
        <span>
          <Link to={path('/settings/budget-policies')}>{policy.name}</Link>
          {hasMany && <span className="muted"> · watches {watchedText(objective)}</span>}
        </span>
        <StandingBadge standing={standing} />
      </div>
      {policy.description !== '' && <p className="policy-text">{policy.description}</p>}
      <BudgetStepsList steps={policy.steps} standing={standing} />
      {standing.isUnknown && (
        <p className="meta">What is left is not known right now, so that no step is entered or left.</p>
      )}
    </div>
  )
}
