import { ActionIcon, Group } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** Edit and delete of one row, named after what they act on. */
export function RowActions(props: { name: string; onEdit?: () => void; onDelete?: () => void; children?: ReactNode }) {
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {props.children}
      {props.onEdit !== undefined && (
        <ActionIcon aria-label={`Edit ${props.name}`} onClick={props.onEdit}>
          <IconPencil size={15} />
        </ActionIcon>
      )}
      {props.onDelete !== undefined && (
        <ActionIcon aria-label={`Delete ${props.name}`} onClick={props.onDelete}>
          <IconTrash size={15} />
        </ActionIcon>
      )}
    </Group>
  )
}
