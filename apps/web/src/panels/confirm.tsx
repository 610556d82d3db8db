import { Button, Group, Modal } from '@mantine/core'
import { useSyncExternalStore } from 'react'
import { useMutation } from '@tanstack/react-query'
import { Failure } from './query-view.tsx'

interface Question {
  title: string
  body: string
  action: string
  /** `plain` for what takes nothing away. */
  tone?: 'plain'
  run: () => Promise<unknown>
}

let question: Question | null = null
const listeners = new Set<() => void>()
function ask(next: Question | null): void {
  question = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Asks before something is taken away; a failure is shown in the dialog, which then stays open. */
export function confirmDelete(next: Question): void {
  ask(next)
}

/** The dialog behind confirmDelete; stands once in the shell. */
export function ConfirmDialog() {
  const current = useSyncExternalStore(subscribe, () => question)
  return (
    <Modal opened={current !== null} onClose={() => ask(null)} title={current?.title} size="sm">
      {current !== null && <ConfirmBody question={current} />}
    </Modal>
  )
}

function ConfirmBody({ question }: { question: Question }) {
  const action = useMutation({ mutationFn: question.run, onSuccess: () => ask(null) })
  return (
    <>
      <p>{question.body}</p>
      {action.isError && (
        <div style={{ marginTop: 12 }}>
          <Failure what="That did not work." error={action.error} />
        </div>
      )}
      <Group justify="flex-end" gap={8} mt="lg">
        <Button variant="default" onClick={() => ask(null)}>
          Cancel
        </Button>
        <Button
          color={question.tone === 'plain' ? undefined : 'red.7'}
          loading={action.isPending}
          onClick={() => action.mutate()}
          data-autofocus
        >
          {question.action}
        </Button>
      </Group>
    </>
  )
}
