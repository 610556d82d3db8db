import { createApiKey, listApiKeys, revokeApiKey, type ApiKeyDto, type ApiKeyScope } from '@nines/contracts'
import { Button, Checkbox, Tabs, TextInput } from '@mantine/core'
import { IconBan, IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { sendSnippets, type SendTarget } from '../../model/send-snippets.ts'
import { confirmDelete } from '../../panels/confirm.tsx'
import { Copyable } from '../../panels/copyable.tsx'
import { FormActions } from '../../panels/form-parts.tsx'
import { Instant } from '../../panels/instant.tsx'
import { Panel } from '../../panels/panel.tsx'
import { Empty, QueryView } from '../../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../../panels/record-table.tsx'
import { FormDialog, SettingsFrame } from '../../panels/settings-frame.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useRouteForm } from '../../queries/use-route-form.ts'
import { useMay } from '../../queries/workspace.tsx'

const SCOPES: { value: ApiKeyScope; label: string; description: string }[] = [
  { value: 'ingest', label: 'Ingest', description: 'Send telemetry and check runs; read nothing' },
  { value: 'read', label: 'Read', description: 'Read everything through the API' },
  { value: 'write', label: 'Write', description: 'Change SLOs, alerts, reviews; includes read' },
]

function useColumns(): RecordColumn<ApiKeyDto>[] {
  const revoke = useApiMutation(revokeApiKey)
  const ask = (key: ApiKeyDto) =>
    confirmDelete({
      title: `Revoke “${key.name}”?`,
      body: 'Whatever uses it is refused from now on. This cannot be undone.',
      action: 'Revoke',
      run: () => revoke.mutateAsync({ params: { id: key.id } }),
    })
  return [
    {
      key: 'name',
      title: 'Key',
      head: true,
      sort: (key) => key.name,
      render: (key) => (
        <>
          <strong>{key.name}</strong>
          <div className="meta mono">{key.prefix}…</div>
        </>
      ),
    },
    {
      key: 'state',
      title: 'State',
      width: 110,
      sort: (key) => (key.revokedAt === null ? 0 : 1),
      render: (key) => (
        <span className={`badge ${key.revokedAt === null ? 'good' : ''}`}>
          {key.revokedAt === null ? <IconCheck size={14} aria-hidden /> : <IconBan size={14} aria-hidden />}
          {key.revokedAt === null ? 'Valid' : 'Revoked'}
        </span>
      ),
    },
    { key: 'scopes', title: 'May', render: (key) => key.scopes.join(', ') },
    { key: 'created', title: 'Created', sort: (key) => key.createdAt, render: (key) => <Instant at={key.createdAt} /> },
    {
      key: 'used',
      title: 'Last used',
      sort: (key) => key.lastUsedAt,
      render: (key) => <Instant at={key.lastUsedAt} ago />,
    },
    {
      key: 'actions',
      title: '',
      width: 90,
      render: (key) =>
        key.revokedAt === null && (
          <Button variant="default" aria-label={`Revoke ${key.name}`} onClick={() => ask(key)}>
            Revoke
          </Button>
        ),
    },
  ]
}

export function KeysPage() {
  const isAdmin = useMay('admin')
  const keys = useApiQuery(listApiKeys, {}, { enabled: isAdmin })
  const [creating, setCreating] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const columns = useColumns()
  if (!isAdmin) {
    return (
      <SettingsFrame title="API keys" sub="How agents and programs sign in">
        <Empty title="Only admins see API keys">Ask an admin of this workspace to create one for you.</Empty>
      </SettingsFrame>
    )
  }
  return (
    <SettingsFrame
      title="API keys"
      sub="How agents and programs sign in"
      add="Create key"
      onAdd={() => setCreating(true)}
    >
      <Panel flush>
        <QueryView query={keys} name="API keys">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="No keys yet" action={<Button onClick={() => setCreating(true)}>Create a key</Button>}>
                Telemetry is sent with an ingest key. Create one; the page then shows what to paste into your collector
                or service.
              </Empty>
            ) : (
              <RecordTable
                label="API keys"
                records={items}
                columns={columns}
                idOf={(key) => key.id}
                initialSort={{ key: 'state', direction: 'asc' }}
              />
            )
          }
        </QueryView>
      </Panel>
      {keys.data !== undefined && (
        <Panel title="Where to send telemetry">
          <p style={{ marginBottom: 10 }}>
            OTLP metrics, logs and traces over HTTP, as protobuf or JSON; SDKs and collectors add{' '}
            <code>/v1/metrics</code> and the like by themselves. Prometheus, Loki clients and Zipkin send to paths of
            the same address.
          </p>
          <Copyable label="OTLP endpoint" value={keys.data.ingestUrl} />
          <p style={{ margin: '14px 0 10px' }}>OTLP over gRPC.</p>
          <Copyable label="gRPC endpoint" value={keys.data.ingestGrpcUrl} />
        </Panel>
      )}
      <FormDialog title="Create key" opened={creating} onClose={() => setCreating(false)} size="md">
        <KeyForm
          onClose={() => setCreating(false)}
          onSecret={(value) => {
            setCreating(false)
            setSecret(value)
          }}
        />
      </FormDialog>
      <FormDialog title="Your new key" opened={secret !== null} onClose={() => setSecret(null)} size="xl">
        <NewKey
          secret={secret ?? ''}
          ingestUrl={keys.data?.ingestUrl ?? ''}
          ingestGrpcUrl={keys.data?.ingestGrpcUrl ?? ''}
        />
      </FormDialog>
    </SettingsFrame>
  )
}

function KeyForm({ onClose, onSecret }: { onClose: () => void; onSecret: (secret: string) => void }) {
  const { form, submit, mutation } = useRouteForm({
    route: createApiKey,
    initialValues: { name: '', scopes: ['ingest'] as string[] },
    toBody: (values) => ({ name: values.name, scopes: values.scopes as ApiKeyScope[] }),
    onDone: ({ secret }) => onSecret(secret),
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <TextInput label="Name" data-autofocus placeholder="Collector in eu-west" {...form.getInputProps('name')} />
      <Checkbox.Group label="It may" {...form.getInputProps('scopes')}>
        <div className="form-grid" style={{ gap: 8, marginTop: 6 }}>
          {SCOPES.map((scope) => (
            <Checkbox key={scope.value} value={scope.value} label={scope.label} description={scope.description} />
          ))}
        </div>
      </Checkbox.Group>
      <FormActions
        submit="Create key"
        pending={mutation.isPending}
        error={mutation.error}
        failed="The key was not created."
        onCancel={onClose}
      />
    </form>
  )
}

function NewKey(target: SendTarget) {
  const snippets = sendSnippets(target)
  return (
    <>
      <p style={{ marginBottom: 10 }}>Shown once: Nines keeps only a hash of it.</p>
      <Copyable label="API key" value={target.secret} />
      <h3 style={{ margin: '18px 0 8px' }}>Send telemetry with it</h3>
      <Tabs defaultValue={snippets[0]?.name}>
        <Tabs.List mb={10}>
          {snippets.map((snippet) => (
            <Tabs.Tab key={snippet.name} value={snippet.name}>
              {snippet.name}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {snippets.map((snippet) => (
          <Tabs.Panel key={snippet.name} value={snippet.name}>
            <p style={{ marginBottom: 8 }}>{snippet.note}</p>
            <pre
              className="snippet"
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by keyboard
              tabIndex={0}
              aria-label={`Snippet: ${snippet.name}`}
            >
              {snippet.text}
            </pre>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  )
}
