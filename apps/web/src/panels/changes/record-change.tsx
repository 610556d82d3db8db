import type { ServiceDto } from '@nines/contracts'
import { Button, CopyButton, Modal } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { recordChangeSnippet } from '../../model/changes-search.ts'
import { useMay, usePath } from '../../queries/workspace.tsx'

interface RecordChangeProps {
  /** The first of them stands in the example. */
  services: readonly ServiceDto[]
}

/** How a pipeline tells of a change: a command to copy, and where the key for it is. */
export function RecordChange({ services }: RecordChangeProps) {
  const path = usePath()
  const isAdmin = useMay('admin')
  const text = recordChangeSnippet(globalThis.location.origin, services[0]?.slug ?? 'checkout')
  return (
    <div className="record-change">
      <p>
        A step of your pipeline tells of each deploy, with an API key that may write:{' '}
        {isAdmin ? <Link to={path('/settings/keys')}>create one</Link> : 'an admin of this workspace has it'}. Sent
        again with the same externalId it replaces what was said, so that a second call may add endedAt. Kinds are
        deploy, config and feature_flag; service is a slug, a name or the service.name of its telemetry.
      </p>
      <pre
        className="snippet"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Command that records a change"
      >
        {text}
      </pre>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={copy}
          >
            {copied ? 'Copied' : 'Copy command'}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}

export function RecordChangeDialog({
  opened,
  onClose,
  services,
}: RecordChangeProps & { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Record changes" size="lg">
      <RecordChange services={services} />
    </Modal>
  )
}
