import { listCodeDocuments, releaseCodeDocument, type CodeDocumentDto } from '@nines/contracts'
import { ActionIcon } from '@mantine/core'
import { IconUnlink } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { effectLabel, formatLabel, shortCommit } from '../../model/code-text.ts'
import { confirmDelete } from '../../panels/confirm.tsx'
import { Instant } from '../../panels/instant.tsx'
import { Panel } from '../../panels/panel.tsx'
import { Empty, QueryView } from '../../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../../panels/record-table.tsx'
import { SettingsFrame } from '../../panels/settings-frame.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useMay, usePath } from '../../queries/workspace.tsx'

const FIRST = 'npm run -s nines -- apply -f slo/'

function useColumns(): RecordColumn<CodeDocumentDto>[] {
  const mayEdit = useMay('editor')
  const release = useApiMutation(releaseCodeDocument)
  const columns: RecordColumn<CodeDocumentDto>[] = [
    {
      key: 'document',
      title: 'Document',
      head: true,
      sort: (document) => document.name,
      render: (document) => (
        <>
          <strong className="wrap-anywhere">{document.name}</strong>
          <div className="meta">
            {formatLabel(document.format)} {document.kind}
          </div>
        </>
      ),
    },
    {
      key: 'file',
      title: 'File',
      sort: (document) => document.file,
      render: (document) => (
        <>
          <span className="mono wrap-anywhere">{document.file}</span>
          <div className="meta">
            {document.commit !== null && <span className="mono">{shortCommit(document.commit)} · </span>}
            <Instant at={Date.parse(document.appliedAt)} ago />
            {document.appliedBy !== null && ` by ${document.appliedBy}`}
          </div>
        </>
      ),
    },
    { key: 'makes', title: 'Makes', render: (document) => <Made document={document} /> },
    {
      key: 'notes',
      title: 'Without effect',
      has: (document) => document.notes.length > 0,
      render: (document) => <Notes document={document} />,
    },
  ]
  if (!mayEdit) return columns
  const ask = (document: CodeDocumentDto) =>
    confirmDelete({
      title: `Release “${document.name}” from code?`,
      body: 'Nines forgets the document. What it made stays and can be edited here again; applying the file takes it back.',
      action: 'Release',
      run: () => release.mutateAsync({ params: { id: document.id } }),
    })
  return [
    ...columns,
    {
      key: 'actions',
      title: '',
      width: 56,
      render: (document) => (
        <ActionIcon
          aria-label={`Release ${document.name} from code`}
          title="Release from code"
          onClick={() => ask(document)}
        >
          <IconUnlink size={15} />
        </ActionIcon>
      ),
    },
  ]
}

function Made({ document }: { document: CodeDocumentDto }) {
  const path = usePath()
  const { slos, services, budgetPolicies, corrections, notes } = document
  if (slos.length + services.length + budgetPolicies.length + corrections.length === 0) {
    const isWaiting = notes.some((note) => note.effect === 'not_evaluated')
    return <span className="muted">{isWaiting ? 'Nothing yet' : 'Nothing by itself'}</span>
  }
  return (
    <>
      {slos.map((slo) => (
        <MadeThing key={slo.id} thing={slo} to={path(`/slos/${slo.id}`)} />
      ))}
      {services.map((service) => (
        <MadeThing key={service.id} thing={service} what="service" />
      ))}
      {budgetPolicies.map((policy) => (
        <MadeThing key={policy.id} thing={policy} what="budget policy" to={path('/settings/budget-policies')} />
      ))}
      {corrections.map((correction) => (
        <MadeThing key={correction.id} thing={correction} what="correction" />
      ))}
    </>
  )
}

/** What became of something that the document still says. */
const GONE: Record<string, string> = { SLO: 'Archived', correction: 'Revoked' }

function MadeThing({ thing, what, to }: { thing: CodeDocumentDto['slos'][number]; what?: string; to?: string }) {
  const { name, drifted, gone } = thing
  return (
    <div>
      {to === undefined || gone ? name : <Link to={to}>{name}</Link>}{' '}
      {what !== undefined && <span className="meta">{what}</span>}{' '}
      {drifted && (
        <span className="badge warn" title={gone ? 'The next apply makes another one' : undefined}>
          {gone ? (GONE[what ?? 'SLO'] ?? 'Gone') : 'Drifted'}
        </span>
      )}
    </div>
  )
}

function Notes({ document: { notes } }: { document: CodeDocumentDto }) {
  if (notes.length === 0) return <span className="muted">Nothing</span>
  return (
    <ul className="code-notes">
      {notes.map((note) => (
        <li key={`${note.path} ${note.message}`}>
          <strong className={note.effect === 'not_evaluated' ? 'is-warn' : undefined}>
            {effectLabel(note.effect)}:
          </strong>{' '}
          <span className="mono wrap-anywhere">{note.path || 'document'}</span>{' '}
          <span className="meta">line {note.line}</span>
          <div>{note.message}</div>
        </li>
      ))}
    </ul>
  )
}

export function CodePage() {
  const documents = useApiQuery(listCodeDocuments, {})
  const columns = useColumns()
  return (
    <SettingsFrame
      title="SLOs as code"
      sub="Documents of OpenSLO, Sloth, Pyrra and Nines that were applied, and what came of them"
    >
      <Panel flush>
        <QueryView query={documents} name="The documents">
          {({ items }) =>
            items.length === 0 ? (
              <Empty title="Nothing comes from code yet">
                Write SLOs as OpenSLO, Sloth or Pyrra files and run <span className="mono">{FIRST}</span> with an API
                key.
              </Empty>
            ) : (
              <RecordTable label="Documents" records={items} columns={columns} idOf={(document) => document.id} />
            )
          }
        </QueryView>
      </Panel>
    </SettingsFrame>
  )
}
