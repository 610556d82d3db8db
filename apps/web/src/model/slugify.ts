/** A name as a slug the API accepts: a-z, 0-9 and single hyphens, at most 63 characters. */
export function slugify(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '')
}

/** The slug somebody gave, or one made of the name; never empty, so that an empty name is the only complaint about it. */
export function slugOf(slug: string, name: string): string {
  return slug === '' ? slugify(name) || 'unnamed' : slug
}
