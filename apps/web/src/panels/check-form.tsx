import { listServices, type CheckDto, type createCheck, type updateCheck } from '@nines/contracts'
import { ActionIcon, Button, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { checkFieldName, checkToValues, OPERATORS, valuesToCheck, type CheckValues } from '../model/check-form.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useRouteForm } from '../queries/use-route-form.ts'
import { useMay } from '../queries/workspace.tsx'
import { FormActions } from './form-parts.tsx'

type Form = UseFormReturnType<CheckValues>

interface CheckFormProps {
  route: typeof createCheck | typeof updateCheck
  check?: CheckDto
  onDone: (check: CheckDto) => void
  onCancel: () => void
}

/** Creates or changes an HTTP check. */
export function CheckForm({ route, check, onDone, onCancel }: CheckFormProps) {
  const services = useApiQuery(listServices, {})
  const mayAllowPrivate = useMay('admin')
  const { form, submit, mutation } = useRouteForm({
    route,
    params: check === undefined ? undefined : { id: check.id },
    initialValues: checkToValues(check),
    toBody: valuesToCheck,
    fieldName: checkFieldName,
    onDone,
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit} style={{ maxWidth: 760 }}>
      <div className="form-row">
        <TextInput label="Name" placeholder="Checkout page answers" {...form.getInputProps('name')} />
        <Select
          label="Service"
          clearable
          searchable
          data={(services.data?.items ?? []).map((service) => ({ value: service.id, label: service.name }))}
          {...form.getInputProps('serviceId')}
        />
      </div>
      <RequestFields form={form} fixedUrl={!mayAllowPrivate && check?.config.allowPrivate === true} />
      <Assertions form={form} />
      <div className="form-row">
        <NumberInput label="Every" suffix=" s" min={5} max={3600} {...form.getInputProps('intervalSeconds')} />
        <NumberInput
          label="Give up after"
          suffix=" ms"
          min={100}
          max={60_000}
          step={500}
          {...form.getInputProps('timeoutMs')}
        />
      </div>
      <Switch label="Enabled" {...form.getInputProps('enabled', { type: 'checkbox' })} />
      {mayAllowPrivate && (
        <Switch
          label="Allow private and loopback addresses"
          description="Only for targets you trust: the probe can then reach your internal network."
          {...form.getInputProps('allowPrivate', { type: 'checkbox' })}
        />
      )}
      <FormActions
        submit={check === undefined ? 'Create check' : 'Save check'}
        pending={mutation.isPending}
        error={mutation.error}
        failed="The check was not saved."
        onCancel={onCancel}
      />
    </form>
  )
}

/** `fixedUrl`: the address may be private, and only an admin may lead the check to another one. */
function RequestFields({ form, fixedUrl }: { form: Form; fixedUrl: boolean }) {
  return (
    <fieldset className="fieldset">
      <legend>Request</legend>
      <div style={{ display: 'grid', gridTemplateColumns: '110px minmax(0, 1fr)', gap: 12, alignItems: 'start' }}>
        <Select label="Method" data={['GET', 'HEAD', 'POST']} allowDeselect={false} {...form.getInputProps('method')} />
        <TextInput
          label="URL"
          placeholder="https://shop.example.com/health"
          inputMode="url"
          readOnly={fixedUrl}
          description={fixedUrl ? 'A private address: only an admin may change it' : undefined}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          {...form.getInputProps('url')}
        />
      </div>
      {form.values.headers.map((_, index) => (
        <div
          key={form.key(`headers.${index}`)}
          className="matcher-row"
          style={{ gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr) auto' }}
        >
          <TextInput
            aria-label={`Header ${index + 1} name`}
            placeholder="accept"
            {...form.getInputProps(`headers.${index}.name`)}
          />
          <TextInput
            aria-label={`Header ${index + 1} value`}
            placeholder="application/json"
            {...form.getInputProps(`headers.${index}.value`)}
          />
          <ActionIcon
            size="lg"
            aria-label={`Remove header ${index + 1}`}
            onClick={() => form.removeListItem('headers', index)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <Button
        mt={10}
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => form.insertListItem('headers', { name: '', value: '' })}
      >
        Add header
      </Button>
      {form.values.method === 'POST' && (
        <Textarea mt={10} label="Body" autosize minRows={3} maxRows={12} {...form.getInputProps('body')} />
      )}
    </fieldset>
  )
}

const SUBJECTS = [
  { value: 'status', label: 'Status' },
  { value: 'duration_ms', label: 'Duration' },
  { value: 'body', label: 'Body' },
  { value: 'header', label: 'Header' },
]

function Assertions({ form }: { form: Form }) {
  const setSubject = (index: number, on: keyof typeof OPERATORS) => {
    form.setFieldValue(`assertions.${index}`, {
      on,
      op: OPERATORS[on][0]?.value ?? '',
      name: '',
      value: on === 'status' ? 2 : on === 'duration_ms' ? 1000 : '',
    })
  }
  return (
    <fieldset className="fieldset">
      <legend>The run passes when all of this is true</legend>
      {form.values.assertions.map((assertion, index) => {
        const numeric = assertion.on === 'status' || assertion.on === 'duration_ms'
        const Value = numeric ? NumberInput : TextInput
        return (
          <div key={form.key(`assertions.${index}`)} className="matcher-row assertion-row">
            <Select
              aria-label={`Assertion ${index + 1} subject`}
              data={SUBJECTS}
              allowDeselect={false}
              value={assertion.on}
              onChange={(value) => setSubject(index, (value ?? 'status') as keyof typeof OPERATORS)}
            />
            {assertion.on === 'header' && (
              <TextInput
                aria-label={`Assertion ${index + 1} header name`}
                placeholder="content-type"
                {...form.getInputProps(`assertions.${index}.name`)}
              />
            )}
            <Select
              aria-label={`Assertion ${index + 1} comparison`}
              data={OPERATORS[assertion.on]}
              allowDeselect={false}
              {...form.getInputProps(`assertions.${index}.op`)}
            />
            <Value
              aria-label={`Assertion ${index + 1} value`}
              description={assertion.op === 'in_class' ? '2 means 200 to 299' : undefined}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              {...form.getInputProps(`assertions.${index}.value`)}
            />
            <ActionIcon
              size="lg"
              aria-label={`Remove assertion ${index + 1}`}
              onClick={() => form.removeListItem('assertions', index)}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </div>
        )
      })}
      <Button
        mt={10}
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => form.insertListItem('assertions', { on: 'duration_ms', op: 'below', name: '', value: 1000 })}
      >
        Add condition
      </Button>
    </fieldset>
  )
}
