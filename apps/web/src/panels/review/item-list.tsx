import type { TimelineEntry } from '@nines/contracts'
import { ActionIcon, Button, MultiSelect } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { formatInstant } from '../../model/format-time.ts'
import { useClock } from '../../queries/use-clock.tsx'

interface ItemListProps<T> {
  items: readonly T[]
  /** Singular, for labels: "factor". */
  noun: string
  /** A new item for the id. */
  create: (id: string) => T
  onChange: (items: T[]) => void
  children: (item: T, change: (part: Partial<T>) => void, number: number) => ReactNode
}

/** The structured answers of a section: a card each, added and removed in place. */
export function ItemList<T extends { id: string }>({ items, noun, create, onChange, children }: ItemListProps<T>) {
  const change = (id: string) => (part: Partial<T>) =>
    onChange(items.map((item) => (item.id === id ? { ...item, ...part } : item)))
  return (
    <div className="item-list">
      {items.map((item, index) => (
        <fieldset key={item.id} className="item-card" aria-label={`${noun} ${index + 1}`}>
          {children(item, change(item.id), index + 1)}
          <ActionIcon
            className="item-remove"
            aria-label={`Remove ${noun} ${index + 1}`}
            onClick={() => onChange(items.filter((other) => other.id !== item.id))}
          >
            <IconTrash size={15} />
          </ActionIcon>
        </fieldset>
      ))}
      <Button
        mt={10}
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...items, create(newItemId())])}
      >
        Add {noun}
      </Button>
    </div>
  )
}

/** Unique inside one review; works without a secure context, where crypto.randomUUID is missing. */
function newItemId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

interface EvidenceSelectProps {
  timeline: readonly TimelineEntry[]
  value: string[]
  onChange: (value: string[]) => void
}

/** Points at the entries of the timeline that show what is claimed. */
export function EvidenceSelect({ timeline, value, onChange }: EvidenceSelectProps) {
  const clock = useClock()
  return (
    <MultiSelect
      label="Evidence"
      size="xs"
      placeholder={value.length === 0 ? 'Entries of the timeline that show it' : undefined}
      searchable
      value={value.filter((id) => timeline.some((entry) => entry.id === id))}
      onChange={onChange}
      data={timeline.map((entry) => ({
        value: entry.id,
        label: `${formatInstant(entry.at, clock.zone, 'clock')} ${entry.summary.slice(0, 80)}`,
      }))}
    />
  )
}
