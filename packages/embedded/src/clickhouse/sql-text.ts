/** A string literal on one line: control characters are escaped, so that no blank line can appear in the SQL. */
export function sqlString(text: string): string {
  const escaped = text.replace(/[\\'\n\r\t\0\b\f]/g, (c) => ESCAPES[c] ?? c)
  return `'${escaped}'`
}

/** A quoted identifier. */
export function sqlIdentifier(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``
}

/** Undoes the tab-separated escaping in which clients send parameter values. */
export function unescapeTsv(text: string): string {
  return text.replace(/\\(.)/gs, (_all, c: string) => UNESCAPES[c] ?? c)
}

const ESCAPES: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
  '\b': '\\b',
  '\f': '\\f',
}
const UNESCAPES: Record<string, string> = { t: '\t', n: '\n', r: '\r', '0': '\0', b: '\b', f: '\f' }
