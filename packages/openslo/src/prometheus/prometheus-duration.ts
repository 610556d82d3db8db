import { z } from 'zod'

const PARTS = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
const SECONDS = [31_536_000, 604_800, 86_400, 3600, 60, 1, 0.001]

/** Seconds of a duration as Prometheus writes it (`4w`, `1h30m`, `500ms`); undefined for anything else. */
export function prometheusSeconds(text: string): number | undefined {
  const parts = text === '' ? null : PARTS.exec(text)
  if (parts === null) return undefined
  return SECONDS.reduce((sum, seconds, i) => sum + Number(parts[i + 1] ?? 0) * seconds, 0)
}

export const prometheusDuration = z
  .string()
  .refine((text) => (prometheusSeconds(text) ?? 0) > 0, 'is not a duration such as 5m, 6h, 30d or 4w')
