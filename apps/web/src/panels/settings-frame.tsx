import { Button, Modal } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { PageHeader } from './page-header.tsx'

interface SettingsFrameProps {
  title: string
  sub: string
  /** Label of the button that opens the form; left out for those who may not. */
  add?: string | false
  onAdd?: () => void
  children: ReactNode
}

/** A settings page: what it is for, a button to add, the list. */
export function SettingsFrame({ title, sub, add, onAdd, children }: SettingsFrameProps) {
  return (
    <>
      <PageHeader
        title={title}
        sub={sub}
        actions={
          typeof add === 'string' && (
            <Button leftSection={<IconPlus size={14} />} onClick={onAdd}>
              {add}
            </Button>
          )
        }
      />
      {children}
    </>
  )
}

interface FormDialogProps {
  title: string
  opened: boolean
  onClose: () => void
  size?: string
  children: ReactNode
}

/** A form in a dialog; its content exists only while it is open, so every opening starts fresh. */
export function FormDialog({ title, opened, onClose, size = 'lg', children }: FormDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={size}>
      {opened && children}
    </Modal>
  )
}
