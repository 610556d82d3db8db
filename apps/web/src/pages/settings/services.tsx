import {
  createService,
  deleteService,
  listServices,
  listTeams,
  updateService,
  listPolicies,
  type ServiceDto,
} from '@nines/contracts'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { confirmDelete } from '../../panels/confirm.tsx'
import { Panel } from '../../panels/panel.tsx'
import { Empty, QueryView } from '../../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../../panels/record-table.tsx'
import { RowActions } from '../../panels/row-actions.tsx'
import { ServiceForm } from '../../panels/service-form.tsx'
import { FormDialog, SettingsFrame } from '../../panels/settings-frame.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useMay } from '../../queries/workspace.tsx'

function useColumns(edit: (service: ServiceDto) => void): RecordColumn<ServiceDto>[] {
  const mayEdit = useMay('editor')
  const policies = useApiQuery(listPolicies, {})
  const remove = useApiMutation(deleteService)
  const policyName = (id: string | null) => policies.data?.items.find((policy) => policy.id === id)?.name
  const columns: RecordColumn<ServiceDto>[] = [
    {
      key: 'name',
      title: 'Service',
      head: true,
      sort: (service) => service.name,
      render: (service) => (
        <>
          <strong>{service.name}</strong>
          <div className="meta">{service.description}</div>
        </>
      ),
    },
    {
      key: 'tier',
      title: 'Tier',
      numeric: true,
      width: 80,
      sort: (service) => service.tier,
      render: (service) => service.tier,
    },
    {
      key: 'team',
      title: 'Team',
      sort: (service) => service.team?.name ?? null,
      render: (service) => service.team?.name ?? <span className="muted">None</span>,
    },
    {
      key: 'policy',
      title: 'Escalation policy',
      render: (service) =>
        policyName(service.escalationPolicyId) ?? <span className="muted">None: nobody is paged</span>,
    },
    {
      key: 'runbook',
      title: 'Runbook',
      render: (service) =>
        service.runbookUrl === null ? (
          <span className="muted">None</span>
        ) : (
          <a href={service.runbookUrl} target="_blank" rel="noreferrer">
            Open
          </a>
        ),
    },
  ]
  if (!mayEdit) return columns
  const askDelete = (service: ServiceDto) =>
    confirmDelete({
      title: `Delete “${service.name}”?`,
      body: 'Only a service without SLOs, checks and incidents can be deleted.',
      action: 'Delete',
      run: () => remove.mutateAsync({ params: { id: service.id } }),
    })
  return [
    ...columns,
    {
      key: 'actions',
      title: '',
      width: 90,
      render: (service) => (
        <RowActions name={service.name} onEdit={() => edit(service)} onDelete={() => askDelete(service)} />
      ),
    },
  ]
}

export function ServicesPage() {
  const mayEdit = useMay('editor')
  const services = useApiQuery(listServices, {})
  const teams = useApiQuery(listTeams, {})
  const [editing, setEditing] = useState<ServiceDto | 'new' | null>(null)
  const columns = useColumns(setEditing)
  return (
    <SettingsFrame
      title="Services"
      sub="What users depend on, who owns it, and whom to page"
      add={mayEdit && 'Add service'}
      onAdd={() => setEditing('new')}
    >
      <Panel flush>
        <QueryView query={services} name="Services">
          {({ items }) =>
            items.length === 0 ? (
              <Empty
                title="No services yet"
                action={mayEdit && <Button onClick={() => setEditing('new')}>Add a service</Button>}
              >
                A service groups SLOs, checks and incidents, and decides who is paged for them.
              </Empty>
            ) : (
              <RecordTable
                label="Services"
                records={items}
                columns={columns}
                idOf={(s) => s.id}
                initialSort={{ key: 'tier', direction: 'asc' }}
              />
            )
          }
        </QueryView>
      </Panel>
      <FormDialog
        title={editing === 'new' ? 'Add service' : 'Edit service'}
        opened={editing !== null}
        onClose={() => setEditing(null)}
      >
        <ServiceForm
          route={editing === 'new' ? createService : updateService}
          service={editing === 'new' ? undefined : (editing ?? undefined)}
          teams={teams.data?.items ?? []}
          onClose={() => setEditing(null)}
        />
      </FormDialog>
    </SettingsFrame>
  )
}
