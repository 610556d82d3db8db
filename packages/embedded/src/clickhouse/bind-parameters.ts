import { ClickHouseException } from './clickhouse-exception.ts'
import { sqlIdentifier, sqlString, unescapeTsv } from './sql-text.ts'

/** String literals and quoted names are matched first, so that braces inside them are left alone. */
const PLACEHOLDER =
  /'(?:[^'\\]|\\.|'')*'|`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*"|\{\s*([A-Za-z_]\w*)\s*:\s*([^{}]+?)\s*\}/gs
const NULL = '\\N'

/**
 * Replaces `{name:Type}` by typed literals. It is done here because chDB keeps its own parameters per process,
 * where concurrent requests would see each other's. Values arrive as clients send them: tab-separated escaping.
 */
export function bindParameters(sql: string, parameters: ReadonlyMap<string, string>): string {
  if (parameters.size === 0) return sql
  return sql.replace(PLACEHOLDER, (all, name?: string, type?: string) => {
    if (!name || !type) return all
    const raw = parameters.get(name)
    if (raw === undefined)
      throw new ClickHouseException(456, `Substitution \`${name}\` is not set`, 'UNKNOWN_QUERY_PARAMETER')
    return literal(type, raw)
  })
}

function literal(type: string, raw: string): string {
  if (type === 'Identifier') return sqlIdentifier(unescapeTsv(raw))
  if (raw === NULL) return `CAST(NULL AS ${type})`
  if (type === 'String') return sqlString(unescapeTsv(raw))
  if (/^U?Int(8|16|32)$/.test(type) && /^-?\d{1,10}$/.test(raw)) return `CAST(${raw} AS ${type})`
  // There is no cast from text to Map; reading one field of a one-line file is the same parser as the server's own.
  if (type.startsWith('Map(')) return `(SELECT p FROM format(TSV, ${sqlString(`p ${type}`)}, ${sqlString(raw)}))`
  // Text inside Array and Tuple keeps the quoting it came with; text that is the whole value is unescaped first.
  const isPlainText = /^(Nullable\(|LowCardinality\()*(String|FixedString|Enum|Date|UUID|IPv)/.test(type)
  return `CAST(${sqlString(isPlainText ? unescapeTsv(raw) : raw)} AS ${type})`
}
