import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { Failure } from './query-view.tsx'

/** Choices that a select shows at once, where there may be thousands; typing finds the others. */
export const MOST_OPTIONS = 100

interface FormActionsProps {
  submit: string
  pending: boolean
  error?: Error | null
  /** Completes the failure notice: "The SLO was not saved." */
  failed?: string
  onCancel?: () => void
  children?: ReactNode
}

/** The last row of every form: what went wrong, submit, cancel. */
export function FormActions({ submit, pending, error, failed = 'Not saved.', onCancel, children }: FormActionsProps) {
  return (
    <>
      {error !== null && error !== undefined && <Failure what={failed} error={error} />}
      <div className="form-actions">
        <Button type="submit" size="sm" loading={pending}>
          {submit}
        </Button>
        {onCancel !== undefined && (
          <Button variant="default" size="sm" onClick={onCancel}>
            Cancel
          </Button>
        )}
        {children}
      </div>
    </>
  )
}
