/** One condition on an attribute of a log record or span, or of the resource it comes from. */
export interface AttributeFilter {
  key: string
  op: '=' | '!='
  value: string
  of: 'attributes' | 'resource'
}

const RESOURCE = 'resource:'

/** "http.route=/orders", "retried!=true", "resource:k8s.pod.name=web-1"; null for a text that is no condition. */
export function parseAttribute(text: string): AttributeFilter | null {
  const trimmed = text.trim()
  const isResource = trimmed.startsWith(RESOURCE)
  const condition = isResource ? trimmed.slice(RESOURCE.length) : trimmed
  const match = /^([^=!\s][^=!]*?)\s*(!=|=)\s*(.*)$/s.exec(condition)
  const [, key, op, value] = match ?? []
  if (key === undefined || (op !== '=' && op !== '!=') || value === undefined) return null
  return { key, op, value: unquoted(value), of: isResource ? 'resource' : 'attributes' }
}

/** The text that parseAttribute reads, as it stands in the URL. */
export function attributeText({ key, op, value, of }: AttributeFilter): string {
  return `${of === 'resource' ? RESOURCE : ''}${key}${op}${value}`
}

/** Conditions of the URL; what is none is left out. */
export function attributesOf(texts: readonly string[]): AttributeFilter[] {
  return texts.flatMap((text) => parseAttribute(text) ?? [])
}

/** With the condition added; a condition on the same attribute to the contrary makes way. */
export function withAttribute(texts: readonly string[], added: AttributeFilter): string[] {
  const contrary = attributeText({ ...added, op: added.op === '=' ? '!=' : '=' })
  const text = attributeText(added)
  return [...texts.filter((other) => other !== contrary && other !== text), text]
}

function unquoted(value: string): string {
  return /^".*"$/s.test(value) ? value.slice(1, -1) : value
}
