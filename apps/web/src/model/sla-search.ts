import { availabilityOf, parseDecimal, type Decimal } from '@nines/contracts'
import { z } from 'zod'
import { searchText } from './logs-search.ts'

/** The state of the SLA calculator, as its URL holds it. Everything stands as it was typed. */
export const slaSearch = z.object({
  /** Percent. */
  target: searchText,
  /** Id of the basis, such as `365d` or `2026-02`. */
  basis: searchText,
  downtime: searchText,
  requests: searchText,
  /** Dependencies as partsOf reads them. */
  parts: searchText,
})
export type SlaSearch = z.infer<typeof slaSearch>

export const SLA_DEFAULTS = {
  target: '99.9',
  basis: '30d',
  downtime: '10 min',
  requests: '1000000',
  parts: 'Load balancer:99.99x1;Service:99.9x2;Database:99.95x1',
} as const satisfies Required<SlaSearch>

/** One dependency: its availability in percent as typed, and how many of it there are, of which one is enough. */
export interface SlaPart {
  name: string
  percent: string
  copies: string
}

const MOST_COPIES = 10
/** More dependencies are not kept. */
export const MOST_PARTS = 20

/** Dependencies of the URL: `Service:99.9x2;Database:99.95x1`. */
export function partsOf(text: string): SlaPart[] {
  if (text === '') return []
  return text
    .split(';')
    .slice(0, MOST_PARTS)
    .map((part) => {
      const [, name = '', percent = '', copies = ''] = /^(.*):([^:]*?)(?:x([^:x]*))?$/.exec(part) ?? [part, part]
      return { name, percent, copies }
    })
}

/** The URL's form of dependencies; what separates them cannot be part of a name. */
export function partsText(parts: readonly SlaPart[]): string {
  const plain = (text: string) => text.replace(/[;:]/g, ' ')
  return parts.map(({ name, percent, copies }) => `${plain(name)}:${plain(percent)}x${plain(copies)}`).join(';')
}

/** The availabilities of the copies of a dependency; null where what was typed is none. */
export function copiesOf({ percent, copies }: SlaPart): Decimal[] | null {
  const availability = availabilityOf(percent)
  const count = Number(copies)
  if (availability === null || !Number.isInteger(count) || count < 1 || count > MOST_COPIES) return null
  return Array.from({ length: count }, () => availability)
}

/** A whole number of requests, as typed: `1,000,000`, `1e6`; null where it is none. */
export function requestsOf(text: string): bigint | null {
  const value = parseDecimal(text.replace(/[\s,_]/g, ''))
  if (value === null || value.digits < 0n) return null
  const unit = 10n ** BigInt(value.scale)
  return value.digits % unit === 0n ? value.digits / unit : null
}
