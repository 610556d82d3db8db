/** normalName() of @nines/slo as SQL, but for letters beyond ASCII, which are lower-cased there and not here. */
export function normalNameSql(text: string): string {
  return `replaceRegexpAll(replaceRegexpAll(lower(${text}), '[^a-z0-9]+', '-'), '^-|-$', '')`
}
