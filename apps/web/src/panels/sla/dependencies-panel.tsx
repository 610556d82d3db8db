import {
  allowedDowntime,
  compareDecimals,
  cutDecimal,
  downtimeText,
  inParallel,
  inSeries,
  percentText,
  type Decimal,
  type SlaBasis,
} from '@nines/contracts'
import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { copiesOf, MOST_PARTS, partsOf, partsText, type SlaPart } from '../../model/sla-search.ts'
import { Panel } from '../panel.tsx'

interface DependenciesPanelProps {
  parts: string
  target: Decimal | null
  basis: SlaBasis | null
  onChange: (parts: string) => void
}

/** Shown digits of an availability that is a product of many. */
const PLACES = 12

/** What a service can promise that needs all of these, each with copies of which one is enough. */
export function DependenciesPanel({ parts: text, target, basis, onChange }: DependenciesPanelProps) {
  const parts = partsOf(text)
  const edit = (place: number, changed: Partial<SlaPart>) =>
    onChange(partsText(parts.map((part, i) => (i + 1 === place ? { ...part, ...changed } : part))))
  const remove = (place: number) => onChange(partsText(parts.filter((_, i) => i + 1 !== place)))
  const add = () => onChange(partsText([...parts, { name: '', percent: '99.9', copies: '1' }]))
  return (
    <Panel
      title="Dependencies"
      className="sla-dependencies"
      note="All of them are needed: their availabilities are multiplied. Of the copies of one, one is enough: 1 − (1 − availability)^copies. Both hold for failures that have nothing to do with each other; a shared cause makes it worse."
    >
      <div className="stack">
        {parts
          .map((part, i) => ({ part, place: i + 1 }))
          .map(({ part, place }) => (
            <PartFields
              key={place}
              part={part}
              place={place}
              onEdit={(changed) => edit(place, changed)}
              onRemove={() => remove(place)}
            />
          ))}
        {parts.length < MOST_PARTS && (
          <Button variant="default" leftSection={<IconPlus size={13} />} onClick={add}>
            Add a dependency
          </Button>
        )}
        <Together parts={parts} target={target} basis={basis} />
      </div>
    </Panel>
  )
}

interface PartFieldsProps {
  part: SlaPart
  place: number
  onEdit: (changed: Partial<SlaPart>) => void
  onRemove: () => void
}

function PartFields({ part, place, onEdit, onRemove }: PartFieldsProps) {
  const copies = copiesOf(part)
  const label = (text: string) => (place === 1 ? { label: text } : { 'aria-label': `${text} ${place}` })
  return (
    <div className="sla-part">
      <TextInput
        {...label('Dependency')}
        value={part.name}
        onChange={(event) => onEdit({ name: event.currentTarget.value })}
      />
      <TextInput
        {...label('Availability')}
        inputMode="decimal"
        rightSection="%"
        value={part.percent}
        error={copies === null}
        onChange={(event) => onEdit({ percent: event.currentTarget.value })}
      />
      <TextInput
        {...label('Copies')}
        inputMode="numeric"
        value={part.copies}
        error={copies === null}
        onChange={(event) => onEdit({ copies: event.currentTarget.value })}
      />
      <span className="num sla-part-result">{copies === null ? '–' : shown(inParallel(copies))}</span>
      <ActionIcon aria-label={`Remove dependency ${place}`} onClick={onRemove}>
        <IconTrash size={15} />
      </ActionIcon>
    </div>
  )
}

function Together({ parts, target, basis }: { parts: SlaPart[]; target: Decimal | null; basis: SlaBasis | null }) {
  const all = parts.flatMap((part) => copiesOf(part)?.length ?? [])
  if (parts.length === 0 || all.length < parts.length)
    return <p className="muted">Give each dependency an availability from 0 to 100 % and 1 to 10 copies.</p>
  const together = inSeries(parts.map((part) => inParallel(copiesOf(part) ?? [])))
  const isEnough = target !== null && compareDecimals(together, target) >= 0
  return (
    <output className="sla-answer" aria-live="polite">
      <span className="sla-figure">{shown(together)}</span>
      <span>
        together
        {basis !== null && `, ${downtimeText(allowedDowntime(together, basis.ms))} of downtime in ${basis.name}`}
        {target !== null && (
          <span className={isEnough ? 'is-good' : 'is-bad'}>
            {' '}
            · {isEnough ? 'enough' : 'not enough'} for {percentText(target)}
          </span>
        )}
      </span>
    </output>
  )
}

/** A percentage that is cut, so that it never flatters. */
function shown(availability: Decimal): string {
  return percentText(cutDecimal(availability, PLACES))
}
