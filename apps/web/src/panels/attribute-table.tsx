import { ActionIcon, Tooltip } from '@mantine/core'
import { IconFilter, IconFilterOff } from '@tabler/icons-react'
import type { AttributeFilter } from '../model/attribute-filter.ts'

interface AttributeTableProps {
  title: string
  of: AttributeFilter['of']
  values: Readonly<Record<string, string>>
  /** Keeps the order given, where it means something. */
  isOrdered?: boolean
  /** Narrows the search by one of them; without it there are no buttons. */
  onFilter?: ((filter: AttributeFilter) => void) | undefined
}

/** Attributes by name, each a step from a search for its like. */
export function AttributeTable({ title, of, values, isOrdered = false, onFilter }: AttributeTableProps) {
  const entries = Object.entries(values)
  if (!isOrdered) entries.sort(([a], [b]) => a.localeCompare(b))
  if (entries.length === 0) return null
  return (
    <section className="attributes" aria-label={title === '' ? 'Attributes' : title}>
      {title !== '' && <h3 className="caps">{title}</h3>}
      <dl>
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              <span className="mono">{value === '' ? '(empty)' : value}</span>
              {onFilter !== undefined && (
                <span className="attribute-actions">
                  <FilterButton label={`Only ${key} = ${value}`} onClick={() => onFilter({ key, op: '=', value, of })}>
                    <IconFilter size={14} />
                  </FilterButton>
                  <FilterButton
                    label={`Without ${key} = ${value}`}
                    onClick={() => onFilter({ key, op: '!=', value, of })}
                  >
                    <IconFilterOff size={14} />
                  </FilterButton>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function FilterButton(props: { label: string; onClick: () => void; children: React.ReactNode }) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon size="sm" aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </ActionIcon>
    </Tooltip>
  )
}
