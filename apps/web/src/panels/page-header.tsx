import { IconChevronLeft } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'

interface PageHeaderProps {
  title: string
  /** Where the page hangs: a link above the title. */
  parent?: { label: string; to: string }
  sub?: ReactNode
  actions?: ReactNode
}

/** Title, facts and actions of a page; also names the browser tab. */
export function PageHeader({ title, parent, sub, actions }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Nines`
  }, [title])
  return (
    <header className="page-head">
      <div className="page-head-title">
        {parent !== undefined && (
          <Link to={parent.to} className="crumb">
            <IconChevronLeft size={13} aria-hidden /> {parent.label}
          </Link>
        )}
        <h1>{title}</h1>
        {sub !== undefined && <div className="page-head-sub">{sub}</div>}
      </div>
      {actions !== undefined && <div className="page-actions">{actions}</div>}
    </header>
  )
}
