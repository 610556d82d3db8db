import { getBudgetPolicySource, getSloSource, type CodeField, type CodeSource } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconFileCode } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { formatLabel, shortCommit, valueText } from '../model/code-text.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { usePath } from '../queries/workspace.tsx'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { Empty } from './query-view.tsx'

/** The code that an SLO comes from; null when it was made here, undefined until that is known. */
export function useSloSource(id: string): CodeSource | null | undefined {
  return useApiQuery(getSloSource, { params: { id } }).data?.source
}

/** The code that a budget policy comes from; null when it was made here, undefined until that is known. */
export function useBudgetPolicySource(id: string): CodeSource | null | undefined {
  return useApiQuery(getBudgetPolicySource, { params: { id } }).data?.source
}

/** Where something comes from and how it has drifted from that; nothing for what was made here. */
export function SourceNote({ source }: { source: CodeSource | null | undefined }) {
  const path = usePath()
  if (!source) return null
  const { file, commit, format, appliedAt, appliedBy, drift } = source
  return (
    <div className="source-note" role="note">
      <IconFileCode size={16} aria-hidden />
      <div>
        <p>
          From code: <span className="mono wrap-anywhere">{file}</span>
          {commit !== null && (
            <>
              {' at '}
              <span className="mono">{shortCommit(commit)}</span>
            </>
          )}
          <span className="meta">
            {` · ${formatLabel(format)}, applied `}
            <Instant at={Date.parse(appliedAt)} ago />
            {appliedBy !== null && ` by ${appliedBy}`}
            {' · '}
            <Link to={path('/settings/code')}>All documents</Link>
          </span>
        </p>
        {drift.length === 0 ? (
          <p className="meta">Read-only here: change the file and apply it.</p>
        ) : (
          <>
            <p>
              <strong className="is-warn">Drifted.</strong> Changed otherwise since it was applied; the next apply sets
              it back.
            </p>
            <DriftList drift={drift} />
          </>
        )}
      </div>
    </div>
  )
}

/** How something differs from what code said last, field by field. */
export function DriftList({ drift }: { drift: readonly CodeField[] }) {
  return (
    <ul className="drift">
      {drift.map((field) => (
        <li key={field.path}>
          <span className="mono">{field.path}</span>: {valueText(field.before)} in code, {valueText(field.after)} now
        </li>
      ))}
    </ul>
  )
}

/** A form for what was made here; of what comes from code it says where to change it. */
export function MadeHereOnly({
  source,
  what,
  back,
  children,
}: {
  source: CodeSource | null | undefined
  /** What it is, as in "This SLO". */
  what: string
  back: { label: string; to: string }
  children: ReactNode
}) {
  if (source === undefined) return null
  if (source === null) return children
  return (
    <Panel>
      <Empty
        title={`This ${what} comes from code`}
        action={
          <Button variant="default" component={Link} to={back.to}>
            {back.label}
          </Button>
        }
      >
        Change {source.file} and apply it. To edit it here instead, release the document under Settings, SLOs as code.
      </Empty>
    </Panel>
  )
}
