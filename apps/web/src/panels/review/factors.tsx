import { factorClass, type ReviewSections, type TimelineEntry } from '@nines/contracts'
import { MultiSelect, Select, Textarea } from '@mantine/core'
import { FACTOR_ROLE, optionsOf, sentence } from '../../model/words.ts'
import { EvidenceSelect, ItemList } from './item-list.tsx'

type Factor = ReviewSections['factors']['items'][number]

interface FactorsProps {
  items: readonly Factor[]
  timeline: readonly TimelineEntry[]
  onChange: (items: Factor[]) => void
}

/** Contributing factors, each with its role and classes. */
export function Factors({ items, timeline, onChange }: FactorsProps) {
  return (
    <ItemList
      items={items}
      noun="factor"
      onChange={onChange}
      create={(id): Factor => ({ id, description: '', classes: [], role: 'latent', evidence: [] })}
    >
      {(factor, change) => (
        <>
          <Textarea
            label="Factor"
            autosize
            minRows={1}
            value={factor.description}
            onChange={(e) => change({ description: e.currentTarget.value })}
          />
          <div className="form-row">
            <Select
              label="Role"
              size="xs"
              allowDeselect={false}
              data={optionsOf(FACTOR_ROLE)}
              value={factor.role}
              onChange={(role) => change({ role: (role ?? 'latent') as Factor['role'] })}
            />
            <MultiSelect
              label="Classes"
              size="xs"
              searchable
              data={factorClass.options.map((value) => ({ value, label: sentence(value) }))}
              value={factor.classes}
              onChange={(classes) => change({ classes })}
            />
          </div>
          <EvidenceSelect timeline={timeline} value={factor.evidence} onChange={(evidence) => change({ evidence })} />
        </>
      )}
    </ItemList>
  )
}
