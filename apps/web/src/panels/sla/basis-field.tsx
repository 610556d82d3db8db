import { slaBasis } from '@nines/contracts'
import { Select, TextInput } from '@mantine/core'
import { BASIS_CHOICES, choiceOf, idOfChoice, quartersNear } from '../../model/sla-bases.ts'
import { useMountTime } from '../../queries/use-clock.tsx'

/** The time that an availability is promised over. */
export function BasisField({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const now = useMountTime()
  const choice = choiceOf(value)
  const wrong = slaBasis(value) === null && 'More than 0 hours, such as 160'
  return (
    <>
      <Select
        label="Of"
        data={BASIS_CHOICES}
        allowDeselect={false}
        value={choice}
        onChange={(next) => next !== null && onChange(idOfChoice(next, now))}
      />
      {choice === 'month' && (
        <TextInput
          type="month"
          label="Month"
          value={value}
          onChange={(event) => event.currentTarget.value !== '' && onChange(event.currentTarget.value)}
        />
      )}
      {choice === 'quarter' && (
        <Select
          label="Quarter"
          data={[...new Set([value, ...quartersNear(now)])].toSorted()}
          allowDeselect={false}
          value={value}
          onChange={(next) => next !== null && onChange(next)}
        />
      )}
      {choice === 'hours' && (
        <TextInput
          label="Hours that count"
          inputMode="decimal"
          rightSection="h"
          value={value.replace(/h$/, '')}
          error={wrong}
          onChange={(event) => onChange(`${event.currentTarget.value}h`)}
        />
      )}
    </>
  )
}
