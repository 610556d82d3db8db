const UNITS: [label: string, seconds: number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
]

/** Seconds as the two largest units: 93784 -> "1 d 2 h". Below a second "< 1 s"; null is "–". */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–'
  if (seconds < 0) return `−${formatDuration(-seconds)}`
  if (seconds < 1) return seconds === 0 ? '0 s' : '< 1 s'
  const start = UNITS.findIndex(([, size]) => seconds >= size)
  const [label, size] = UNITS[start] ?? ['s', 1]
  const first = Math.floor(seconds / size)
  const next = UNITS[start + 1]
  const second = next === undefined ? 0 : Math.floor((seconds - first * size) / next[1])
  return second > 0 && next !== undefined ? `${first} ${label} ${second} ${next[0]}` : `${first} ${label}`
}

/** A window as people name it: 300 -> "5 min", 21600 -> "6 h", 259200 -> "3 d", 2592000 -> "30 d". */
export function formatWindow(seconds: number): string {
  for (const [label, size] of UNITS) {
    if (seconds >= size && seconds % size === 0 && !(label === 'd' && seconds === 86_400))
      return `${seconds / size} ${label}`
  }
  return formatDuration(seconds)
}

/** How far an instant lies from now: "3 min ago", "in 2 h", "now" within 5 s. */
export function formatAgo(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1000)
  if (Math.abs(seconds) < 5) return 'now'
  const text = coarse(Math.abs(seconds))
  return seconds > 0 ? `${text} ago` : `in ${text}`
}

function coarse(seconds: number): string {
  const [label, size] = UNITS.find(([, size]) => seconds >= size) ?? ['s', 1]
  return `${Math.floor(seconds / size)} ${label}`
}
