import { TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { attributeText, parseAttribute, withAttribute } from '../model/attribute-filter.ts'

interface AttributeFiltersProps {
  value: readonly string[]
  onChange: (texts: string[]) => void
}

/** Conditions on attributes: a field to type one, and those that hold, each with a way out. */
export function AttributeFilters({ value, onChange }: AttributeFiltersProps) {
  const [text, setText] = useState('')
  const [isWrong, setWrong] = useState(false)
  const add = () => {
    if (text.trim() === '') return
    const parsed = parseAttribute(text)
    if (parsed === null) return setWrong(true)
    onChange(withAttribute(value, parsed))
    setText('')
  }
  return (
    <TextInput
      label="Attribute"
      placeholder="http.route=/orders"
      description="key=value or key!=value, then Enter"
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      value={text}
      error={isWrong && 'Write it as key=value'}
      onChange={(event) => {
        setText(event.currentTarget.value)
        setWrong(false)
      }}
      onBlur={add}
      onKeyDown={(event) => {
        if (event.key === 'Enter') add()
      }}
    />
  )
}

export interface FilterChip {
  text: string
  remove: () => void
}

/** What narrows the search and has no field of its own; each goes by a press. */
export function FilterChips({ chips }: { chips: readonly FilterChip[] }) {
  if (chips.length === 0) return null
  return (
    <ul className="chips" aria-label="Filters">
      {chips.map(({ text, remove }) => (
        <li key={text}>
          <button type="button" onClick={remove} aria-label={`Remove filter ${text}`}>
            <span className="mono">{text}</span>
            <IconX size={13} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}

export function attributeChips(texts: readonly string[], onChange: (texts: string[]) => void): FilterChip[] {
  return texts.flatMap((text) => {
    const parsed = parseAttribute(text)
    if (parsed === null) return []
    const remove = () => onChange(texts.filter((other) => other !== text))
    return [{ text: attributeText(parsed).replace(/(!?=)/, ' $1 '), remove }]
  })
}
