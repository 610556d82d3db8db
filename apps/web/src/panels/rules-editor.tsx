import type { AlertRuleDto, SloDetail } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconPencil, IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useMay } from '../queries/workspace.tsx'
import { AbsenceRuleForm } from './absence-rule-form.tsx'
import { BurnRateRuleForm } from './burn-rate-rule-form.tsx'
import { Panel } from './panel.tsx'
import { RuleText } from './rule-text.tsx'
import { StatusBadge } from './status-badge.tsx'

type Editing = { id: string } | { add: AlertRuleDto['condition']['kind'] } | null

/** The alert rules of an SLO: read them as sentences, edit or add one at a time. */
export function RulesEditor({ slo, readOnly = false }: { slo: SloDetail; readOnly?: boolean }) {
  const [editing, setEditing] = useState<Editing>(null)
  const mayEdit = useMay('editor') && !readOnly
  const close = () => setEditing(null)
  const adding = editing !== null && 'add' in editing ? editing.add : null
  return (
    <div className="stack">
      {slo.rules.map((rule) => {
        const isEdited = editing !== null && 'id' in editing && editing.id === rule.id
        return (
          <Panel
            key={rule.id}
            title={
              <>
                {rule.name} <StatusBadge of="severity" state={rule.severity} />
                {!rule.enabled && <span className="badge">Off</span>}
              </>
            }
            actions={
              mayEdit &&
              !isEdited && (
                <Button
                  variant="default"
                  leftSection={<IconPencil size={14} />}
                  aria-label={`Edit rule ${rule.name}`}
                  onClick={() => setEditing({ id: rule.id })}
                >
                  Edit
                </Button>
              )
            }
          >
            {isEdited ? (
              <RuleForm slo={slo} rule={rule} kind={rule.condition.kind} onClose={close} />
            ) : (
              <RuleText rule={rule} slo={slo} />
            )}
          </Panel>
        )
      })}
      {slo.rules.length === 0 && <p className="muted">This SLO has no rules: it is measured and never alerts.</p>}
      {adding !== null && (
        <Panel title={adding === 'absence' ? 'New silence rule' : 'New burn-rate rule'}>
          <RuleForm slo={slo} rule={null} kind={adding} onClose={close} />
        </Panel>
      )}
      {mayEdit && adding === null && (
        <div className="form-actions">
          <Button
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setEditing({ add: 'burn_rate' })}
          >
            Add burn-rate rule
          </Button>
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEditing({ add: 'absence' })}>
            Add silence rule
          </Button>
        </div>
      )}
    </div>
  )
}

interface RuleFormProps {
  slo: SloDetail
  /** null: a new one. */
  rule: AlertRuleDto | null
  kind: AlertRuleDto['condition']['kind']
  onClose: () => void
}

function RuleForm({ kind, ...props }: RuleFormProps) {
  return kind === 'absence' ? <AbsenceRuleForm {...props} /> : <BurnRateRuleForm {...props} />
}
