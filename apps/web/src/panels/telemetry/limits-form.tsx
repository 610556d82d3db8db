import { updateTelemetrySettings, type TelemetrySettingsDto } from '@nines/contracts'
import { Button, NumberInput, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { LIMIT_GROUPS, limitsToValues, limitText, valuesToLimits } from '../../model/telemetry-limits.ts'
import { useRouteForm } from '../../queries/use-route-form.ts'
import { useMay } from '../../queries/workspace.tsx'
import { FormActions } from '../form-parts.tsx'
import { Instant } from '../instant.tsx'
import { Panel } from '../panel.tsx'

/** Limits and retention: a form for admins, a list for everybody else. */
export function LimitsPanel({ current }: { current: TelemetrySettingsDto }) {
  const isAdmin = useMay('admin')
  return (
    <Panel
      title="Limits and retention"
      actions={
        <span className="meta">
          {current.updatedAt === null ? (
            'defaults'
          ) : (
            <>
              changed by {current.updatedBy?.name ?? 'somebody'} <Instant at={current.updatedAt} ago />
            </>
          )}
        </span>
      }
      note="Ingest follows within seconds. A rate may be exceeded for five seconds at a time; senders beyond it are told to try again. Retention holds for what is sent from then on."
    >
      {isAdmin ? <LimitsForm key={current.updatedAt} current={current} /> : <LimitsList current={current} />}
    </Panel>
  )
}

function LimitsForm({ current }: { current: TelemetrySettingsDto }) {
  const { form, submit, mutation } = useRouteForm({
    route: updateTelemetrySettings,
    initialValues: limitsToValues(current.settings),
    toBody: valuesToLimits,
    onDone: () => notifications.show({ message: 'Limits saved.' }),
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      {LIMIT_GROUPS.map((group) => (
        <fieldset key={group.title} className="fieldset">
          <legend>{group.title}</legend>
          <div className="form-row">
            {group.fields.map((field) => {
              const standard = limitText(field, current.defaults[field.name])
              const isDefault = limitText(field, current.settings[field.name]) === standard
              const shared = {
                label: field.label,
                description:
                  [field.hint, isDefault ? '' : `default ${standard}`].filter(Boolean).join('; ') || undefined,
                inputWrapperOrder: ['label', 'input', 'error', 'description'] as (
                  | 'label'
                  | 'input'
                  | 'error'
                  | 'description'
                )[],
                rightSection: <span className="meta">{field.unit}</span>,
                rightSectionWidth: field.unit.length * 6.4 + 18,
                ...form.getInputProps(field.name),
              }
              return field.kind === 'duration' ? (
                <TextInput key={field.name} {...shared} />
              ) : (
                <NumberInput
                  key={field.name}
                  {...shared}
                  hideControls
                  min={0}
                  allowNegative={false}
                  thousandSeparator=","
                  decimalScale={field.kind === 'mebibytes' ? 3 : 0}
                />
              )
            })}
          </div>
        </fieldset>
      ))}
      <FormActions
        submit="Save limits"
        pending={mutation.isPending}
        error={mutation.error}
        failed="The limits were not changed."
      >
        <Button variant="default" size="sm" onClick={() => form.setValues(limitsToValues(current.defaults))}>
          Fill in the defaults
        </Button>
      </FormActions>
    </form>
  )
}

function LimitsList({ current }: { current: TelemetrySettingsDto }) {
  return (
    <div className="limit-lists">
      {LIMIT_GROUPS.map((group) => (
        <section key={group.title}>
          <h3>{group.title}</h3>
          <dl className="facts">
            {group.fields.map((field) => [
              <dt key={`${field.name} name`}>{field.label}</dt>,
              <dd key={field.name} className="num">
                {limitText(field, current.settings[field.name])}
              </dd>,
            ])}
          </dl>
        </section>
      ))}
    </div>
  )
}
