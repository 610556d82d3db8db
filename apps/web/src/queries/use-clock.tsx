import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'
import { zoneOf, type ClockMode } from '../model/format-time.ts'

interface Clock {
  mode: ClockMode
  /** IANA name of the zone times are shown in. */
  zone: string
  toggle: () => void
}

const KEY = 'nines-clock'
const Context = createContext<Clock>({ mode: 'utc', zone: 'UTC', toggle: () => {} })

/** Holds the choice between UTC and local time, kept on this device. UTC is the default: it is what incidents speak. */
export function ClockProvider({ children }: { children: ReactNode }) {
  const [mode, setMode] = useState<ClockMode>(() => (localStorage.getItem(KEY) === 'local' ? 'local' : 'utc'))
  const clock = useMemo<Clock>(
    () => ({
      mode,
      zone: zoneOf(mode),
      toggle: () => {
        const next = mode === 'utc' ? 'local' : 'utc'
        localStorage.setItem(KEY, next)
        setMode(next)
      },
    }),
    [mode],
  )
  return <Context.Provider value={clock}>{children}</Context.Provider>
}

export function useClock(): Clock {
  return useContext(Context)
}

/** Epoch ms when the component first appeared, for initial values of a form. */
export function useMountTime(): number {
  const [at] = useState(() => Date.now())
  return at
}

/** Epoch ms, renewed every `everyMs`, for "3 min ago". */
export function useNow(everyMs = 10_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
