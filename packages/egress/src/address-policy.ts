import ipaddr from 'ipaddr.js'

export interface AddressPolicy {
  /** Accept loopback, private and carrier-grade NAT addresses too. */
  allowPrivate: boolean
}

/** Ranges that `allowPrivate` opens. Link-local stays closed: cloud metadata services live there. */
const PRIVATE_RANGES = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat'])

/** Metadata service of a cloud inside a unique-local range. */
const ALWAYS_REFUSED = new Set(['fd00:ec2::254', 'fd00:42::42'])

/**
 * Why Nines must not connect to `address` (an IPv4 or IPv6 literal), or null when it may. Only global unicast passes:
 * everything that IANA's special-purpose registries set apart is refused, also inside IPv4-mapped and NAT64 addresses.
 * 6to4 and Teredo are refused whole, for both hide an IPv4 address that a relay would reach.
 */
export function addressRefusal(address: string, policy: AddressPolicy): string | null {
  if (!ipaddr.isValid(address)) return 'is no IP address'
  const parsed = unwrap(ipaddr.parse(address))
  const range = parsed.range()
  if (ALWAYS_REFUSED.has(parsed.toString())) return 'is a metadata service'
  if (policy.allowPrivate && PRIVATE_RANGES.has(range)) return null
  if (range !== 'unicast') return `is not public (${range})`
  if (parsed instanceof ipaddr.IPv6 && !isGlobalUnicast(parsed)) return 'is not public (outside 2000::/3)'
  return null
}

/** The IPv4 address inside an IPv4-mapped (::ffff:0:0/96) or NAT64 (64:ff9b::/96) address; others unchanged. */
function unwrap(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address
  if (address.isIPv4MappedAddress()) return address.toIPv4Address()
  if (address.range() === 'rfc6052') return new ipaddr.IPv4(address.toByteArray().slice(12))
  return address
}

/** IANA has assigned global unicast IPv6 from 2000::/3 only. */
function isGlobalUnicast(address: ipaddr.IPv6): boolean {
  return ((address.parts[0] ?? 0) & 0xe000) === 0x2000
}
