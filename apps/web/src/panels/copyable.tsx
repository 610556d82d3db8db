import { CopyButton, Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** A secret or link to copy; the text itself can be selected where the clipboard is blocked. */
export function Copyable({ value, label }: { value: string; label: string }) {
  return (
    <div className="secret">
      <code aria-label={label}>{value}</code>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={copy}
            aria-label={`Copy ${label.toLowerCase()}`}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
