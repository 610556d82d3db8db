import {
  createTeam,
  listPolicies,
  type createService,
  type ServiceDto,
  type TeamDto,
  type updateService,
} from '@nines/contracts'
import { Button, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { slugify, slugOf } from '../model/slugify.ts'
import { useApiMutation, useApiQuery } from '../queries/use-api.ts'
import { useRouteForm } from '../queries/use-route-form.ts'
import { FormActions } from './form-parts.tsx'
import { Failure } from './query-view.tsx'

interface ServiceFormProps {
  route: typeof createService | typeof updateService
  service?: ServiceDto
  teams: readonly TeamDto[]
  onClose: () => void
}

const TIERS = [
  { value: '1', label: '1, critical: users stop when it stops' },
  { value: '2', label: '2, important' },
  { value: '3', label: '3, standard' },
  { value: '4', label: '4, best effort' },
]

/** Adds or changes a service; a team can be added on the way. */
export function ServiceForm({ route, service, teams, onClose }: ServiceFormProps) {
  const policies = useApiQuery(listPolicies, {})
  const { form, submit, mutation } = useRouteForm({
    route,
    params: service === undefined ? undefined : { id: service.id },
    initialValues: {
      name: service?.name ?? '',
      slug: service?.slug ?? '',
      description: service?.description ?? '',
      tier: String(service?.tier ?? 3),
      runbookUrl: service?.runbookUrl ?? '',
      teamId: service?.team?.id ?? null,
      escalationPolicyId: service?.escalationPolicyId ?? null,
    },
    toBody: (values) => ({
      ...values,
      slug: slugOf(values.slug, values.name),
      tier: Number(values.tier),
      runbookUrl: values.runbookUrl.trim() === '' ? null : values.runbookUrl.trim(),
    }),
    onDone: onClose,
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <div className="form-row">
        <TextInput label="Name" data-autofocus {...form.getInputProps('name')} />
        <TextInput label="Short name" placeholder={slugify(form.values.name)} {...form.getInputProps('slug')} />
      </div>
      <Textarea label="What it does for users" autosize minRows={2} {...form.getInputProps('description')} />
      <div className="form-row">
        <Select label="Tier" data={TIERS} allowDeselect={false} {...form.getInputProps('tier')} />
        <Select
          label="Team"
          clearable
          data={teams.map((team) => ({ value: team.id, label: team.name }))}
          {...form.getInputProps('teamId')}
        />
      </div>
      <NewTeam onCreated={(team) => form.setFieldValue('teamId', team.id)} />
      <div className="form-row">
        <Select
          label="Escalation policy"
          description="Whom its critical alerts page"
          clearable
          data={(policies.data?.items ?? []).map((policy) => ({ value: policy.id, label: policy.name }))}
          {...form.getInputProps('escalationPolicyId')}
        />
        <TextInput
          label="Runbook"
          description="Stands in every page"
          placeholder="https://…"
          {...form.getInputProps('runbookUrl')}
        />
      </div>
      <FormActions
        submit={service === undefined ? 'Add service' : 'Save service'}
        pending={mutation.isPending}
        error={mutation.error}
        failed="The service was not saved."
        onCancel={onClose}
      />
    </form>
  )
}

function NewTeam({ onCreated }: { onCreated: (team: TeamDto) => void }) {
  const [name, setName] = useState<string | null>(null)
  const create = useApiMutation(createTeam, (team) => {
    setName(null)
    onCreated(team)
  })
  if (name === null) {
    return (
      <div>
        <Button variant="subtle" color="ink" onClick={() => setName('')}>
          The team is not listed
        </Button>
      </div>
    )
  }
  return (
    <>
      <div style={{ display: 'flex', gap: 8, alignItems: 'end' }}>
        <TextInput
          style={{ flex: 1 }}
          label="New team"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button
          size="sm"
          variant="default"
          disabled={name.trim() === ''}
          loading={create.isPending}
          onClick={() => create.mutate({ body: { name, slug: slugify(name) } })}
        >
          Add team
        </Button>
      </div>
      {create.isError && <Failure what="The team was not added." error={create.error} />}
    </>
  )
}
