import { hasRole, listIncidents, listServices, listSloNames, listChecks } from '@nines/contracts'
import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import { IconPlus, IconSearch, IconTargetArrow } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useApiQuery } from '../queries/use-api.ts'
import { useClock } from '../queries/use-clock.tsx'
import { useMay, usePath, useWorkspace } from '../queries/workspace.tsx'
import { CONFIGURE, WATCH, type Destination } from './navigation.ts'

/** Mod+K: every page, thing and switch by name. What it lists is read when it first opens. */
export function CommandPalette() {
  const [opened, setOpened] = useState(false)
  const groups = useGroups(opened)
  return (
    <Spotlight
      actions={groups}
      shortcut="mod + K"
      limit={40}
      scrollable
      maxHeight={440}
      highlightQuery
      nothingFound="Nothing by that name"
      onSpotlightOpen={() => setOpened(true)}
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden />,
        placeholder: 'Go to a page, SLO, incident, check…',
        'aria-label': 'Search commands',
      }}
    />
  )
}

export const openCommandPalette = spotlight.open

function useGroups(opened: boolean): SpotlightActionGroupData[] {
  const navigate = useNavigate()
  const path = usePath()
  const { role } = useWorkspace()
  const pages = [...WATCH, ...CONFIGURE].filter((destination) => hasRole(role, destination.role ?? 'viewer'))
  const go = (page: string) => () => void navigate({ to: path(page) })
  const slos = useApiQuery(listSloNames, {}, { enabled: opened })
  const incidents = useApiQuery(listIncidents, { query: {} }, { enabled: opened })
  const checks = useApiQuery(listChecks, {}, { enabled: opened })
  const services = useApiQuery(listServices, {}, { enabled: opened })
  const thing = (kind: string, id: string, label: string, page: string, description?: string): SpotlightActionData => ({
    id: `${kind} ${id}`,
    label,
    description: description ?? kind,
    keywords: kind,
    onClick: go(page),
  })
  return [
    { group: 'Pages', actions: pages.map((d) => ({ ...pageAction(d), onClick: go(d.page) })) },
    { group: 'Commands', actions: useCommands(go) },
    {
      group: 'Things',
      actions: [
        ...(slos.data?.items ?? []).map((s) => thing('SLO', s.id, s.name, `/slos/${s.id}`, `SLO of ${s.service.name}`)),
        ...(incidents.data?.items ?? []).map((i) =>
          thing('Incident', i.id, `#${i.number} ${i.title}`, `/incidents/${i.id}`),
        ),
        ...(checks.data?.items ?? []).map((c) => thing('Check', c.id, c.name, `/checks/${c.id}`)),
        ...(services.data?.items ?? []).map((s) => thing('Service', s.id, s.name, '/settings/services')),
      ],
    },
  ]
}

function useCommands(go: (page: string) => () => void): SpotlightActionData[] {
  const mayEdit = useMay('editor')
  const clock = useClock()
  const { setColorScheme } = useMantineColorScheme()
  const create = [
    { id: 'new slo', label: 'New SLO', leftSection: <IconTargetArrow size={16} />, onClick: go('/slos/new') },
    { id: 'new check', label: 'New check', leftSection: <IconPlus size={16} />, onClick: go('/checks/new') },
  ]
  return [
    ...(mayEdit ? create : []),
    { id: 'clock', label: clock.mode === 'utc' ? 'Show local time' : 'Show UTC', onClick: clock.toggle },
    { id: 'light', label: 'Light colours', onClick: () => setColorScheme('light') },
    { id: 'dark', label: 'Dark colours', onClick: () => setColorScheme('dark') },
    { id: 'auto', label: 'Colours as the system', onClick: () => setColorScheme('auto') },
  ]
}

function pageAction({ page, label, icon: Symbol, keys, keywords }: Destination): SpotlightActionData {
  return {
    id: page,
    label,
    keywords,
    leftSection: <Symbol size={16} stroke={1.7} />,
    rightSection: keys === undefined ? undefined : <kbd>{keys}</kbd>,
  }
}
