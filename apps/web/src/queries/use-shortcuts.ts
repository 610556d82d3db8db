import { useEffect, useRef } from 'react'

/** After the first key of a sequence the second must come within this time. */
const SEQUENCE_MS = 1200

/**
 * Keyboard shortcuts of one key ("?") or two in a row ("g o"). Keys typed into a field, or with a modifier, are left
 * alone.
 */
export function useShortcuts(shortcuts: Readonly<Record<string, () => void>>): void {
  const current = useRef(shortcuts)
  useEffect(() => {
    current.current = shortcuts
  })
  useEffect(() => {
    let pending: { key: string; at: number } | null = null
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return
      const sequence =
        pending !== null && event.timeStamp - pending.at < SEQUENCE_MS ? `${pending.key} ${event.key}` : ''
      const action = current.current[sequence] ?? current.current[event.key]
      pending = action === undefined ? { key: event.key, at: event.timeStamp } : null
      if (action === undefined) return
      event.preventDefault()
      action()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}
