import type { Condition } from './selector-condition.ts'

/** One thing that a text must hold, or must not. */
interface Term {
  text: string
  isExcluded: boolean
}

/** Words and "quoted phrases"; a minus in front excludes. */
export function parseTerms(search: string): Term[] {
  return Array.from(search.matchAll(/(-?)(?:"([^"]*)"|(\S+))/g), ([, minus, phrase, word]) => ({
    text: (phrase ?? word ?? '').trim(),
    isExcluded: minus === '-',
  })).filter(({ text }) => text !== '')
}

/**
 * SQL for a full-text search of a column with a text index over its alphanumeric tokens. A word is found whole, written as
 * given, in small or capital letters or with an initial capital: so much the index can tell. Anything that is no single
 * token is a phrase: its tokens by the index, then the phrase itself whatever its case.
 */
export function textCondition(column: string, search: string): Condition {
  const parameters: Record<string, string> = {}
  const parts = parseTerms(search).map(({ text, isExcluded }, i) => {
    const tokens = text.match(/[\p{L}\p{N}]+/gu) ?? []
    const isWord = tokens.length === 1 && tokens[0] === text
    const conditions = tokens.map((token, j) => {
      // The first and last token of a phrase may be parts of longer ones.
      const isWhole = isWord || (j > 0 && j < tokens.length - 1)
      if (!isWhole) return '1'
      const name = `term${i}_${j}`
      parameters[name] = variants(token).join(' ')
      return `hasAnyTokens(${column}, {${name}:String})`
    })
    if (!isWord) {
      parameters[`term${i}`] = text
      conditions.push(`positionCaseInsensitiveUTF8(${column}, {term${i}:String}) > 0`)
    }
    const all = `(${conditions.filter((condition) => condition !== '1').join(' AND ') || '1'})`
    return isExcluded ? `NOT ${all}` : all
  })
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), parameters }
}

function variants(token: string): string[] {
  const lower = token.toLowerCase()
  return [...new Set([token, lower, token.toUpperCase(), lower.charAt(0).toUpperCase() + lower.slice(1)])]
}
