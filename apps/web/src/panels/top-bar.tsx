import { ActionIcon, Menu, Tooltip, useMantineColorScheme } from '@mantine/core'
import {
  IconCheck,
  IconDeviceDesktop,
  IconLogout,
  IconMoon,
  IconSun,
  IconUserCircle,
  IconWifi,
  IconWifiOff,
} from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { signOut } from '../auth-client.ts'
import { zoneLabel, zoneOf } from '../model/format-time.ts'
import { sentence } from '../model/words.ts'
import { useClock, useNow } from '../queries/use-clock.tsx'
import { meQuery } from '../queries/use-me.ts'
import type { LiveState } from '../queries/use-live.ts'
import { useWorkspace } from '../queries/workspace.tsx'

/** Whether what is on screen follows events as they happen. */
export function LiveIndicator({ state }: { state: LiveState }) {
  const live = state === 'live'
  const Symbol = live ? IconWifi : IconWifiOff
  const text = live ? 'Live' : state === 'connecting' ? 'Connecting' : 'Reconnecting'
  return (
    <Tooltip label={live ? 'Changes appear as they happen' : 'Live events are cut off; pages refresh every minute'}>
      <output className={`live ${state === 'reconnecting' ? 'off' : ''}`} aria-label={`Updates: ${text}`}>
        <Symbol size={15} aria-hidden />
        <span>{text}</span>
      </output>
    </Tooltip>
  )
}

/** UTC or local time, for every time on every page. */
export function ClockSwitch() {
  const clock = useClock()
  const now = useNow(60_000)
  const label = clock.mode === 'utc' ? 'UTC' : zoneLabel(now, clock.zone)
  const other = clock.mode === 'utc' ? `local time (${zoneOf('local')})` : 'UTC'
  return (
    <Tooltip label={`Times are in ${clock.zone}. Switch to ${other}.`}>
      <button
        type="button"
        className="clock-switch"
        onClick={clock.toggle}
        aria-label={`Times in ${label}, switch to ${other}`}
      >
        {label}
      </button>
    </Tooltip>
  )
}

const SCHEMES = [
  { value: 'light', label: 'Light', icon: IconSun },
  { value: 'dark', label: 'Dark', icon: IconMoon },
  { value: 'auto', label: 'As the system', icon: IconDeviceDesktop },
] as const

export function ColourMenu() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Current = SCHEMES.find((scheme) => scheme.value === colorScheme)?.icon ?? IconDeviceDesktop
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size="lg" aria-label="Colours">
          <Current size={17} stroke={1.7} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map(({ value, label, icon: Symbol }) => (
          <Menu.Item
            key={value}
            leftSection={<Symbol size={15} />}
            rightSection={value === colorScheme ? <IconCheck size={14} aria-label="chosen" /> : undefined}
            onClick={() => setColorScheme(value)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** Who is signed in, their other workspaces, and the way out. */
export function UserMenu() {
  const workspace = useWorkspace()
  const client = useQueryClient()
  const navigate = useNavigate()
  const me = useQuery(meQuery)
  const leave = async () => {
    await signOut()
    client.clear()
    await navigate({ to: '/login' })
  }
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon size="lg" aria-label={`Account of ${workspace.user.name}`}>
          <IconUserCircle size={19} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {workspace.user.name}
          <br />
          {workspace.user.email}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Workspace</Menu.Label>
        {(me.data?.workspaces ?? []).map((other) => (
          <Menu.Item
            key={other.id}
            rightSection={other.slug === workspace.slug ? <IconCheck size={14} aria-label="current" /> : undefined}
            onClick={() => void navigate({ to: '/w/$workspace/overview', params: { workspace: other.slug } })}
          >
            {other.name} <span className="muted">{sentence(other.role)}</span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => void leave()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
