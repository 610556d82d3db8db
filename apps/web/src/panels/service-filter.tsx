import { Select } from '@mantine/core'

interface ServiceFilterProps {
  /** The chosen one; undefined: all. */
  value: string | undefined
  services: { value: string; label: string }[]
  onChange: (value: string | undefined) => void
}

/** Narrows a list down to one service. */
export function ServiceFilter({ value, services, onChange }: ServiceFilterProps) {
  return (
    <Select
      size="xs"
      aria-label="Service"
      placeholder="All services"
      clearable
      searchable
      value={value ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      data={services}
    />
  )
}
