import '../theme/ledger.css'
import {
  listCorrections,
  revokeCorrection,
  type CodeSource,
  type CorrectionDto,
  type ListedCorrection,
  type SloDetail,
} from '@nines/contracts'
import { Button, Modal, Textarea } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { shortCommit } from '../model/code-text.ts'
import { CORRECTION_EFFECT, recurrenceText } from '../model/correction-form.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useRouteForm } from '../queries/use-route-form.ts'
import { useMay } from '../queries/workspace.tsx'
import { DriftList } from './code-source.tsx'
import { CorrectionDialog } from './correction-dialog.tsx'
import { FormActions } from './form-parts.tsx'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { QueryView } from './query-view.tsx'

/** Times whose minutes count otherwise than measured, with who said so and why. Revoked ones stay in sight. */
export function CorrectionsPanel({ slo }: { slo: SloDetail }) {
  const may = useMay('editor')
  const corrections = useApiQuery(listCorrections, { query: { sloId: slo.id } })
  const [isAdding, setAdding] = useState(false)
  const [revoked, setRevoked] = useState<CorrectionDto | null>(null)
  return (
    <Panel
      title="Corrections"
      flush
      actions={
        may && (
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdding(true)}>
            Correct
          </Button>
        )
      }
    >
      <QueryView query={corrections} name="Corrections">
        {({ items }) =>
          items.length === 0 ? (
            <p className="muted" style={{ padding: '10px 14px' }}>
              All minutes count as measured. Exclude planned work or what was measured wrongly, also in the past.
            </p>
          ) : (
            <div className="row-list">
              {items.map((correction) => (
                <CorrectionRow
                  key={correction.id}
                  correction={correction}
                  onRevoke={may ? () => setRevoked(correction) : undefined}
                />
              ))}
            </div>
          )
        }
      </QueryView>
      <CorrectionDialog slo={slo} opened={isAdding} onClose={() => setAdding(false)} />
      <Modal opened={revoked !== null} onClose={() => setRevoked(null)} title="Revoke the correction" size="sm">
        {revoked !== null && <RevokeForm correction={revoked} onClose={() => setRevoked(null)} />}
      </Modal>
    </Panel>
  )
}

function CorrectionRow({ correction, onRevoke }: { correction: ListedCorrection; onRevoke: (() => void) | undefined }) {
  const { effect, startsAt, endsAt, outside, reason, createdBy, createdAt, revokedAt, revokedBy, source } = correction
  const recurrence = recurrenceText(correction)
  const isRevoked = revokedAt !== null
  return (
    <div className={`row-item correction ${isRevoked ? 'revoked' : ''}`}>
      <div>
        <strong>{reason}</strong>
        <div className="meta">
          {CORRECTION_EFFECT[effect]}
          {outside ? ' outside of ' : ' · '}
          <Instant at={startsAt} format="minute" /> to <Instant at={endsAt} format="minute" />
          {recurrence !== null && ` · ${recurrence}`}
        </div>
        <div className="meta">
          {createdBy}, <Instant at={createdAt} format="minute" />
          {source !== null && (
            <>
              {' '}
              · from code: <span className="mono wrap-anywhere">{source.file}</span>
              {source.commit !== null && (
                <>
                  {' at '}
                  <span className="mono">{shortCommit(source.commit)}</span>
                </>
              )}
            </>
          )}
          {isRevoked && (
            <>
              {' '}
              · revoked by {revokedBy}, <Instant at={revokedAt} format="minute" />: {correction.revokeReason}
            </>
          )}
        </div>
        {source !== null && <Drift source={source} isRevoked={isRevoked} />}
      </div>
      {source !== null && source.drift.length > 0 ? (
        <span className="badge warn">Drifted</span>
      ) : isRevoked ? (
        <span className="badge">Revoked</span>
      ) : source !== null ? (
        <span className="badge" title="Read-only here: change the file and apply it">
          From code
        </span>
      ) : (
        onRevoke && (
          <Button variant="default" onClick={onRevoke}>
            Revoke
          </Button>
        )
      )}
    </div>
  )
}

/** How it differs from what its document said last. */
function Drift({ source: { drift }, isRevoked }: { source: CodeSource; isRevoked: boolean }) {
  if (drift.length === 0) return null
  if (isRevoked) return <p className="meta is-warn">Code says that it holds: the next apply makes it again.</p>
  return (
    <>
      <p className="meta is-warn">Changed otherwise since it was applied; the next apply sets it back.</p>
      <DriftList drift={drift} />
    </>
  )
}

function RevokeForm({ correction, onClose }: { correction: CorrectionDto; onClose: () => void }) {
  const { form, submit, mutation } = useRouteForm({
    route: revokeCorrection,
    params: { id: correction.id },
    initialValues: { reason: '' },
    toBody: (values) => values,
    onDone: onClose,
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <p>
        “{correction.reason}” no longer applies, not to the past either: the minutes count as measured again. The record
        stays.
      </p>
      <Textarea label="Why" autosize minRows={2} data-autofocus {...form.getInputProps('reason')} />
      <FormActions
        submit="Revoke"
        pending={mutation.isPending}
        error={mutation.error}
        failed="It was not revoked."
        onCancel={onClose}
      />
    </form>
  )
}
