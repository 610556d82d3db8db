import { Autocomplete, type AutocompleteProps } from '@mantine/core'
import { useState } from 'react'

interface CommitInputProps extends Omit<AutocompleteProps, 'value' | 'onChange' | 'defaultValue'> {
  value: string
  /** Called when the person is done: Enter, a chosen suggestion, or leaving the field. */
  onCommit: (value: string) => void
}

/** A text of a search: what is typed counts only once it is finished, so that no half word is looked for. */
export function CommitInput({ value, onCommit, ...props }: CommitInputProps) {
  const [typed, setTyped] = useState({ from: value, text: value })
  // The search changed elsewhere, by a link or the back button.
  const text = typed.from === value ? typed.text : value
  const commit = (next: string) => {
    if (next.trim() !== value) onCommit(next.trim())
  }
  return (
    <Autocomplete
      {...props}
      value={text}
      onChange={(next) => setTyped({ from: value, text: next })}
      onOptionSubmit={commit}
      onClear={() => commit('')}
      onBlur={() => commit(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(text)
      }}
    />
  )
}
