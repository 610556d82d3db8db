/** A span's duration in its natural unit, three digits: "412 µs", "12.3 ms", "1.24 s", "3 min 5 s". */
export function formatSpan(ms: number): string {
  if (ms < 0.9995) return `${digits(ms * 1000)} µs`
  if (ms < 999.5) return `${digits(ms)} ms`
  if (ms < 59_950) return `${digits(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function digits(value: number): string {
  return value === 0 ? '0' : value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)
}

/** A tick on an axis of durations: "0", "50 ms", "1.5 s". */
export function formatTick(ms: number): string {
  if (ms === 0) return '0'
  return formatSpan(ms)
    .replace(/(\.\d*?)0+(?= )/, '$1')
    .replace(/\.(?= )/, '')
}
