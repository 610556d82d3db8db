import {
  createGateException,
  getSloGate,
  listGateExceptions,
  revokeGateException,
  type GateExceptionDto,
  type SloDetail,
} from '@nines/contracts'
import { Button, NumberInput, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useApiMutation, useApiQuery } from '../queries/use-api.ts'
import { useRouteForm } from '../queries/use-route-form.ts'
import { useMay } from '../queries/workspace.tsx'
import { FormActions } from './form-parts.tsx'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { QueryView } from './query-view.tsx'

/** What a pipeline is told that asks whether it may deploy, and who let deploys pass although the budget was spent. */
export function GatePanel({ slo }: { slo: SloDetail }) {
  const params = { id: slo.id }
  const [isAsking, setIsAsking] = useState(false)
  const mayEdit = useMay('editor')
  const gate = useApiQuery(getSloGate, { params, query: {} })
  const exceptions = useApiQuery(listGateExceptions, { params })
  return (
    <Panel
      title="Deploys"
      actions={
        mayEdit &&
        !isAsking && (
          <Button variant="default" onClick={() => setIsAsking(true)}>
            Let deploys pass
          </Button>
        )
      }
      note={
        <>
          Pipelines ask <code className="wrap-anywhere">GET /api/v1/slos/{slo.id}/gate</code>, with{' '}
          <code>?minimum=0.1</code> to freeze before the last tenth of the budget, whatever its policy says.
        </>
      }
    >
      <QueryView query={gate} name="The gate">
        {({ allowed, reasons }) => (
          <p>
            <strong className={allowed ? 'is-good' : 'is-bad'}>{allowed ? 'Allowed.' : 'Frozen.'}</strong>{' '}
            {reasons.map((reason) => reason.message).join(' ')}
          </p>
        )}
      </QueryView>
      {isAsking && <ExceptionForm slo={slo} onClose={() => setIsAsking(false)} />}
      <QueryView query={exceptions} name="The exceptions" skeleton={<></>}>
        {({ items }) => (items.length === 0 ? null : <Exceptions items={items} mayEdit={mayEdit} />)}
      </QueryView>
    </Panel>
  )
}

function ExceptionForm({ slo, onClose }: { slo: SloDetail; onClose: () => void }) {
  const { form, submit, mutation } = useRouteForm({
    route: createGateException,
    params: { id: slo.id },
    initialValues: { reason: '', hours: 2 },
    toBody: (values) => values,
    onDone: onClose,
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit} style={{ marginTop: 12 }}>
      <div className="form-row">
        <TextInput label="Why" placeholder="Fix of the outage" {...form.getInputProps('reason')} />
        <NumberInput label="For" suffix=" h" min={0} max={168} {...form.getInputProps('hours')} />
      </div>
      <FormActions
        submit="Let deploys pass"
        pending={mutation.isPending}
        error={mutation.error}
        failed="The exception was not made."
        onCancel={onClose}
      >
        <span className="hint">Signed, on record for ever, and over by itself.</span>
      </FormActions>
    </form>
  )
}

function Exceptions({ items, mayEdit }: { items: GateExceptionDto[]; mayEdit: boolean }) {
  const revoke = useApiMutation(revokeGateException)
  return (
    <div className="mini-scroll" style={{ marginTop: 12 }}>
      <table className="mini-table" aria-label="Exceptions">
        <thead>
          <tr>
            <th>Exception</th>
            <th>By</th>
            <th>Until</th>
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <th scope="row" className="wrap-anywhere">
                {item.reason}
              </th>
              <td>
                {item.createdBy}{' '}
                <span className="muted">
                  · <Instant at={item.createdAt} format="minute" />
                </span>
              </td>
              <td>
                <Instant at={item.revokedAt ?? item.expiresAt} format="minute" />
                {item.revokedBy !== null && <span className="muted"> ended by {item.revokedBy}</span>}
              </td>
              <td className="right">
                {item.active && mayEdit ? (
                  <Button
                    variant="default"
                    size="compact-sm"
                    loading={revoke.isPending}
                    aria-label={`End the exception “${item.reason}”`}
                    onClick={() => revoke.mutate({ params: { id: item.id } })}
                  >
                    End
                  </Button>
                ) : (
                  <span className="muted">{item.active ? 'active' : 'over'}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
