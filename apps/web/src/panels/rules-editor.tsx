import { listPolicies, updateAlertRule, type AlertRuleDto, type SloDetail } from '@nines/contracts'
import { ActionIcon, Button, NumberInput, Select, Switch, TextInput } from '@mantine/core'
import { IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ruleBacktestDraft } from '../model/backtest-draft.ts'
import { describePair } from '../model/evidence.ts'
import { formatDuration } from '../model/format-duration.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useRouteForm } from '../queries/use-route-form.ts'
import { useMay } from '../queries/workspace.tsx'
import { BacktestPanel } from './backtest/backtest-panel.tsx'
import { FormActions } from './form-parts.tsx'
import { Panel } from './panel.tsx'
import { StatusBadge } from './status-badge.tsx'

/** The burn-rate rules of an SLO: read them as sentences, edit one at a time. */
export function RulesEditor({ slo, readOnly = false }: { slo: SloDetail; readOnly?: boolean }) {
  const [editing, setEditing] = useState<string | null>(null)
  const mayEdit = useMay('editor') && !readOnly
  return (
    <div className="stack">
      {slo.rules.map((rule) => (
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
            editing !== rule.id && (
              <Button
                variant="default"
                leftSection={<IconPencil size={14} />}
                aria-label={`Edit rule ${rule.name}`}
                onClick={() => setEditing(rule.id)}
              >
                Edit
              </Button>
            )
          }
        >
          {editing === rule.id ? (
            <RuleForm slo={slo} rule={rule} onClose={() => setEditing(null)} />
          ) : (
            <RuleText rule={rule} />
          )}
        </Panel>
      ))}
      {slo.rules.length === 0 && <p className="muted">This SLO has no rules: it is measured and never alerts.</p>}
    </div>
  )
}

function RuleText({ rule }: { rule: AlertRuleDto }) {
  const { condition } = rule
  const conditions = [
    condition.forSeconds > 0 ? `held for ${formatDuration(condition.forSeconds)}` : null,
    condition.minBadEvents > 1 ? `at least ${condition.minBadEvents} bad events in the long window` : null,
  ].filter(Boolean)
  return (
    <>
      <p>
        {rule.severity === 'critical' ? 'Pages' : 'Opens an alert, without a page,'} when any of these is true
        {conditions.length > 0 && `, ${conditions.join(', ')}`}:
      </p>
      <ul style={{ margin: '6px 0', paddingLeft: 20 }}>
        {condition.pairs.map((pair) => (
          <li key={`${pair.longSeconds} ${pair.shortSeconds} ${pair.factor}`} className="num">
            {describePair(pair)}
          </li>
        ))}
      </ul>
      <p className="muted">Resolves after {formatDuration(condition.resolveAfterSeconds)} below all of them.</p>
    </>
  )
}

function RuleForm({ slo, rule, onClose }: { slo: SloDetail; rule: AlertRuleDto; onClose: () => void }) {
  const policies = useApiQuery(listPolicies, {})
  const { id: _id, ...initialValues } = rule
  const { form, submit, mutation } = useRouteForm({
    route: updateAlertRule,
    params: { id: rule.id },
    initialValues,
    toBody: (values) => values,
    onDone: onClose,
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <div className="form-row">
        <TextInput label="Name" {...form.getInputProps('name')} />
        <Select
          label="Severity"
          description="Only critical rules page"
          data={['critical', 'warning', 'info']}
          allowDeselect={false}
          {...form.getInputProps('severity')}
        />
        <Select
          label="Escalation policy"
          description="Empty: the service's own"
          clearable
          data={(policies.data?.items ?? []).map((policy) => ({ value: policy.id, label: policy.name }))}
          {...form.getInputProps('escalationPolicyId')}
        />
      </div>
      <Pairs form={form} />
      <div className="form-row">
        <NumberInput label="Hold before firing" suffix=" s" min={0} {...form.getInputProps('condition.forSeconds')} />
        <NumberInput
          label="Clear before resolving"
          suffix=" s"
          min={0}
          {...form.getInputProps('condition.resolveAfterSeconds')}
        />
        <NumberInput label="At least bad events" min={1} {...form.getInputProps('condition.minBadEvents')} />
      </div>
      <Switch label="Enabled" {...form.getInputProps('enabled', { type: 'checkbox' })} />
      <BacktestPanel draft={ruleBacktestDraft(slo, form.values)} of="rule" />
      <FormActions
        submit="Save rule"
        pending={mutation.isPending}
        error={mutation.error}
        failed="The rule was not saved."
        onCancel={onClose}
      />
    </form>
  )
}

type RuleFormApi = ReturnType<typeof useRouteForm<typeof updateAlertRule, Omit<AlertRuleDto, 'id'>>>['form']

function Pairs({ form }: { form: RuleFormApi }) {
  const { pairs } = form.values.condition
  return (
    <fieldset className="fieldset">
      <legend>Window pairs: any one is enough</legend>
      {pairs.map((_, index) => (
        <div
          key={form.key(`condition.pairs.${index}`)}
          className="form-row"
          style={{ gridTemplateColumns: 'repeat(3, minmax(0, 1fr)) auto', marginBottom: 10 }}
        >
          <NumberInput
            label="Long window"
            suffix=" s"
            min={60}
            {...form.getInputProps(`condition.pairs.${index}.longSeconds`)}
          />
          <NumberInput
            label="Short window"
            suffix=" s"
            min={60}
            {...form.getInputProps(`condition.pairs.${index}.shortSeconds`)}
          />
          <NumberInput
            label="Burn at least"
            suffix="×"
            min={1}
            step={0.1}
            {...form.getInputProps(`condition.pairs.${index}.factor`)}
          />
          <ActionIcon
            mt={26}
            size="lg"
            aria-label={`Remove pair ${index + 1}`}
            disabled={pairs.length === 1}
            onClick={() => form.removeListItem('condition.pairs', index)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={14} />}
        disabled={pairs.length >= 8}
        onClick={() => form.insertListItem('condition.pairs', { longSeconds: 3600, shortSeconds: 300, factor: 14.4 })}
      >
        Add pair
      </Button>
    </fieldset>
  )
}
