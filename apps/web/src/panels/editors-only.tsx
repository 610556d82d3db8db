import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay, usePath } from '../queries/workspace.tsx'
import { Panel } from './panel.tsx'
import { Empty } from './query-view.tsx'

/** A form for editors; whoever may not use it and came by its address is told so instead. */
export function EditorsOnly({ back, children }: { back: { label: string; page: string }; children: ReactNode }) {
  const may = useMay('editor')
  const path = usePath()
  if (may) return children
  return (
    <Panel>
      <Empty
        title="Only editors change this"
        action={
          <Button variant="default" component={Link} to={path(back.page)}>
            {back.label}
          </Button>
        }
      >
        Your role in this workspace lets you look, not change. An admin can give you another role.
      </Empty>
    </Panel>
  )
}
