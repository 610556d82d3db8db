import { z } from 'zod'

const DURATION = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
const DAY_MS = 86_400_000
const UNIT_MS = [365 * DAY_MS, 7 * DAY_MS, DAY_MS, 3_600_000, 60_000, 1000, 1]
/** A timer cannot wait longer. */
const MAX_MS = 2 ** 31 - 1

/** A duration as Prometheus writes it, such as 15s or 1m30s, in milliseconds; more than 0. */
export const duration = z.string().transform((text, context) => {
  const parts = text === '' ? null : DURATION.exec(text)
  const ms = parts?.slice(1).reduce((sum, part, i) => sum + Number(part ?? 0) * (UNIT_MS[i] ?? 0), 0) ?? 0
  if (ms > 0 && ms <= MAX_MS) return ms
  context.addIssue({
    code: 'custom',
    message: `${JSON.stringify(text)} is no duration such as 15s or 1m30s, up to 24d`,
  })
  return z.NEVER
})

const SIZE = /^(\d+)([KMGT]?)(i?)B$/
const PREFIXES = ['', 'K', 'M', 'G', 'T']

/** A size as Prometheus writes it, such as 10MB, in bytes. Both KB and KiB are 1024 bytes there. */
export const byteSize = z.union([z.literal(0), z.string()]).transform((text, context) => {
  if (text === 0 || text === '0') return 0
  const [, digits, prefix = ''] = SIZE.exec(text) ?? []
  if (digits !== undefined) return Number(digits) * 1024 ** PREFIXES.indexOf(prefix)
  context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is no size such as 10MB` })
  return z.NEVER
})
