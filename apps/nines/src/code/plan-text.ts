import type { CodeAction, CodeChange, CodeDocumentChange, CodeField, CodeNote, CodePlan } from '@nines/contracts'
import pc from 'picocolors'

const MARKS: Record<CodeAction, string> = { create: '+', update: '~', unchanged: '=', left: '?', remove: '-' }
const COLOURS: Record<CodeAction, (text: string) => string> = {
  create: pc.green,
  update: pc.yellow,
  unchanged: pc.dim,
  left: pc.magenta,
  remove: pc.red,
}
const WORDS: Record<CodeAction, string> = {
  create: 'to create',
  update: 'to update',
  remove: 'to remove',
  left: 'left that no file says any more',
  unchanged: 'unchanged',
}
const EFFECTS: Record<CodeNote['effect'], string> = {
  not_evaluated: 'not evaluated yet',
  not_used: 'kept, not used',
  changed: 'taken differently',
  skipped: 'skipped',
}

/** A plan as people read it: what changes, field by field, then what has no effect, then a sum. */
export function planText({ changes, documents, notes, isEqual }: CodePlan): string {
  // A document that makes an SLO or service is spoken of through it.
  const others = documents.filter((document) => !isMadeOf(document, changes))
  const shown = [...changes, ...others].filter((change) => change.action !== 'unchanged')
  const lines = [...shown.map(changeText), ...notes.map(noteText)]
  return `${lines.join('\n')}${lines.length === 0 ? '' : '\n\n'}${isEqual ? 'Nothing to change' : 'Plan'}: ${sumText([...changes, ...others])}\n`
}

function isMadeOf({ file, document, action }: CodeDocumentChange, changes: readonly CodeChange[]): boolean {
  const own = changes.filter((change) => change.place?.file === file && change.place.document === document)
  return own.length > 0 && (action === 'unchanged' || own.some((change) => change.action !== 'unchanged'))
}

function changeText(change: CodeChange | CodeDocumentChange): string {
  const { action, kind } = change
  const isObject = 'slug' in change
  const place = isObject ? change.place : change
  const where = place === null || action === 'left' || action === 'remove' ? '' : `${place.file}:${place.line}`
  // What a document makes may be there already; then the document alone is new.
  const name = isObject ? change.slug : `${change.name} (document)`
  const head = COLOURS[action](`  ${MARKS[action]} ${kind} ${name}`)
  const drift = isObject && change.drifted ? [pc.magenta('      was changed in Nines since code was applied')] : []
  const fields = isObject ? change.fields.map(fieldText) : []
  return [`${head}${where === '' ? '' : `  ${pc.dim(where)}`}`, ...drift, ...fields].join('\n')
}

function fieldText({ path, before, after }: CodeField): string {
  return `      ${path}: ${valueText(before)} -> ${valueText(after)}`
}

function valueText(value: unknown): string {
  if (value === undefined) return '(none)'
  const text = JSON.stringify(value)
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

function noteText({ effect, file, line, path, message }: CodeNote): string {
  return `  ${pc.cyan('!')} ${EFFECTS[effect]}: ${file}:${line}${path === '' ? '' : ` ${path}`}: ${message}`
}

function sumText(changes: readonly { action: CodeAction }[]): string {
  const counts = (Object.keys(WORDS) as CodeAction[]).map((action) => ({
    action,
    count: changes.filter((change) => change.action === action).length,
  }))
  const parts = counts.filter(({ count }) => count > 0).map(({ action, count }) => `${count} ${WORDS[action]}`)
  return `${parts.join(', ') || 'nothing in the files'}.`
}
