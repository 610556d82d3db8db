import { createPolicy, deletePolicy, listPolicies, updatePolicy, type PolicyDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatDuration } from '../../model/format-duration.ts'
import { confirmDelete } from '../../panels/confirm.tsx'
import { Panel } from '../../panels/panel.tsx'
import { PolicyForm } from '../../panels/policy-form.tsx'
import { Empty, QueryView } from '../../panels/query-view.tsx'
import { RowActions } from '../../panels/row-actions.tsx'
import { FormDialog, SettingsFrame } from '../../panels/settings-frame.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useTargetNames } from '../../queries/use-target-names.ts'
import { useMay } from '../../queries/workspace.tsx'

/** Whom an unanswered alert reaches next. */
export function PoliciesPage() {
  const mayEdit = useMay('editor')
  const policies = useApiQuery(listPolicies, {})
  const [editing, setEditing] = useState<PolicyDto | 'new' | null>(null)
  return (
    <SettingsFrame
      title="Escalation policies"
      sub="Whom a critical alert pages, and who is next when nobody answers"
      add={mayEdit && 'Add policy'}
      onAdd={() => setEditing('new')}
    >
      <QueryView query={policies} name="Policies">
        {({ items }) =>
          items.length === 0 ? (
            <Panel>
              <Empty
                title="No policies yet"
                action={mayEdit && <Button onClick={() => setEditing('new')}>Add a policy</Button>}
              >
                A policy lists steps: page the person on call, wait, page the next. Give it to a service, and its
                critical alerts follow it.
              </Empty>
            </Panel>
          ) : (
            items.map((policy) => <PolicyPanel key={policy.id} policy={policy} onEdit={setEditing} />)
          )
        }
      </QueryView>
      <FormDialog
        title={editing === 'new' ? 'Add policy' : 'Edit policy'}
        opened={editing !== null}
        onClose={() => setEditing(null)}
      >
        <PolicyForm
          route={editing === 'new' ? createPolicy : updatePolicy}
          policy={editing === 'new' ? undefined : (editing ?? undefined)}
          onClose={() => setEditing(null)}
        />
      </FormDialog>
    </SettingsFrame>
  )
}

function PolicyPanel({ policy, onEdit }: { policy: PolicyDto; onEdit: (policy: PolicyDto) => void }) {
  const mayEdit = useMay('editor')
  const remove = useApiMutation(deletePolicy)
  const { nameOf } = useTargetNames()
  const askDelete = () =>
    confirmDelete({
      title: `Delete “${policy.name}”?`,
      body: 'A policy that a service or a rule uses cannot be deleted. Escalations under way go on.',
      action: 'Delete',
      run: () => remove.mutateAsync({ params: { id: policy.id } }),
    })
  return (
    <Panel
      title={policy.name}
      actions={mayEdit && <RowActions name={policy.name} onEdit={() => onEdit(policy)} onDelete={askDelete} />}
    >
      <ol style={{ margin: 0, paddingLeft: 20 }}>
        {policy.steps.map((step, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- a step has no identity but its place
          <li key={index} style={{ padding: '3px 0' }}>
            Page <strong>{step.targets.map(nameOf).join(', ')}</strong>
            <span className="muted">, then wait {formatDuration(step.delaySeconds)}</span>
          </li>
        ))}
      </ol>
      <p className="meta" style={{ marginTop: 6 }}>
        {policy.repeatCount === 0
          ? 'Walked once; then it is exhausted.'
          : `Then from the top, ${policy.repeatCount} more ${policy.repeatCount === 1 ? 'time' : 'times'}.`}
      </p>
    </Panel>
  )
}
