import { getOverview, hasRole, listAlerts } from '@nines/contracts'
import { ActionIcon } from '@mantine/core'
import { IconAlertOctagonFilled, IconMenu2, IconSearch, IconX } from '@tabler/icons-react'
import { Link, Outlet, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useApiQuery } from '../queries/use-api.ts'
import { useLive } from '../queries/use-live.ts'
import { useShortcuts } from '../queries/use-shortcuts.ts'
import { usePath, useWorkspace } from '../queries/workspace.tsx'
import { BrandMark } from './brand.tsx'
import { CommandPalette, openCommandPalette } from './command-palette.tsx'
import { ConfirmDialog } from './confirm.tsx'
import { OVERVIEW_ALERTS } from './firing-list.tsx'
import { CONFIGURE, WATCH, type Destination } from './navigation.ts'
import { ShortcutsHelp } from './shortcuts-help.tsx'
import { ClockSwitch, ColourMenu, LiveIndicator, UserMenu } from './top-bar.tsx'

/** The frame around every page of a workspace. */
export function Shell() {
  const { slug } = useWorkspace()
  const path = usePath()
  const navigate = useNavigate()
  const live = useLive(slug)
  const [menuOpen, setMenuOpen] = useState(false)
  const [helpOpen, setHelpOpen] = useState(false)
  const shortcuts = Object.fromEntries(WATCH.map((d) => [d.keys ?? '', () => void navigate({ to: path(d.page) })]))
  useShortcuts({ ...shortcuts, '?': () => setHelpOpen(true) })
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className="shell-top">
        <ActionIcon
          className="shell-burger"
          size="lg"
          aria-label={menuOpen ? 'Close menu' : 'Open menu'}
          aria-expanded={menuOpen}
          onClick={() => setMenuOpen(!menuOpen)}
        >
          {menuOpen ? <IconX size={20} /> : <IconMenu2 size={20} />}
        </ActionIcon>
        <Link to={path('/overview')} className="shell-brand" aria-label="Nines, overview">
          <BrandMark />
          <span>Nines</span>
        </Link>
        <button type="button" className="shell-search" aria-label="Search and commands" onClick={openCommandPalette}>
          <IconSearch size={15} aria-hidden />
          <span>Search or jump to…</span>
          <kbd>⌘K</kbd>
        </button>
        <div className="shell-spacer" />
        <FiringPill />
        <LiveIndicator state={live} />
        <ClockSwitch />
        <ColourMenu />
        <UserMenu />
      </header>
      <Navigation open={menuOpen} onNavigate={() => setMenuOpen(false)} />
      <main className="shell-main" id="content" tabIndex={-1}>
        <div className="page">
          <Outlet />
        </div>
      </main>
      <CommandPalette />
      <ConfirmDialog />
      <ShortcutsHelp opened={helpOpen} onClose={() => setHelpOpen(false)} />
    </div>
  )
}

function useOpenCounts() {
  const alerts = useApiQuery(listAlerts, { query: OVERVIEW_ALERTS })
  const overview = useApiQuery(getOverview, {})
  const incidents = (overview.data?.services ?? []).reduce((sum, service) => sum + service.openIncidents, 0)
  return { open: alerts.data?.total ?? 0, firing: alerts.data?.firing ?? 0, incidents }
}

/** On every page: how much is firing, and the way to it. */
function FiringPill() {
  const { firing } = useOpenCounts()
  const path = usePath()
  if (firing === 0) return null
  return (
    <Link to={path('/alerts')} className="firing-pill">
      <IconAlertOctagonFilled size={15} aria-hidden />
      {firing} firing
    </Link>
  )
}

function Navigation({ open, onNavigate }: { open: boolean; onNavigate: () => void }) {
  const { role } = useWorkspace()
  const counts = useOpenCounts()
  const count: Record<string, { value: number; bad: boolean }> = {
    '/alerts': { value: counts.open, bad: counts.firing > 0 },
    '/incidents': { value: counts.incidents, bad: false },
  }
  const item = (destination: Destination) => (
    <NavItem key={destination.page} {...destination} count={count[destination.page]} onNavigate={onNavigate} />
  )
  return (
    <nav className={`shell-nav ${open ? 'open' : ''}`} aria-label="Main">
      {WATCH.map(item)}
      <div className="nav-heading caps">Configure</div>
      {CONFIGURE.filter((destination) => hasRole(role, destination.role ?? 'viewer')).map(item)}
    </nav>
  )
}

function NavItem(props: Destination & { count?: { value: number; bad: boolean }; onNavigate: () => void }) {
  const { page, label, icon: Symbol, count, onNavigate } = props
  const path = usePath()
  return (
    <Link to={path(page)} className="nav-item" activeProps={{ className: 'active' }} onClick={onNavigate}>
      <Symbol size={17} stroke={1.7} aria-hidden />
      {label}
      {count !== undefined && count.value > 0 && (
        <span className={`nav-count ${count.bad ? 'bad' : ''}`} aria-label={`${count.value} open`}>
          {count.value}
        </span>
      )}
    </Link>
  )
}
