/** RFC 3339 in UTC, as instants stand in API answers. */
export function instantOf(at: Date): string {
  return at.toISOString()
}

export function instantOrNull(at: Date | null): string | null {
  return at === null ? null : at.toISOString()
}
