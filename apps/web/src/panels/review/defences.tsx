import { defence as defenceSchema, type ReviewSections, type TimelineEntry } from '@nines/contracts'
import { Select, Textarea, TextInput } from '@mantine/core'
import { DEFENCE_OUTCOME, optionsOf, sentence } from '../../model/words.ts'
import { EvidenceSelect, ItemList } from './item-list.tsx'

type Defence = ReviewSections['defences']['items'][number]

interface DefencesProps {
  items: readonly Defence[]
  timeline: readonly TimelineEntry[]
  onChange: (items: Defence[]) => void
}

/** Each control that stood in the way, and what it saw. */
export function Defences({ items, timeline, onChange }: DefencesProps) {
  return (
    <ItemList
      items={items}
      noun="defence"
      onChange={onChange}
      create={(id): Defence => ({ id, name: '', kind: 'alert', outcome: 'absent', whatItSaw: '', evidence: [] })}
    >
      {(item, change) => (
        <>
          <div className="form-row">
            <TextInput label="Defence" value={item.name} onChange={(e) => change({ name: e.currentTarget.value })} />
            <Select
              label="Kind"
              allowDeselect={false}
              data={defenceSchema.shape.kind.options.map((value) => ({
                value,
                label: value === 'slo' ? 'SLO' : sentence(value),
              }))}
              value={item.kind}
              onChange={(kind) => change({ kind: kind ?? 'other' })}
            />
            <Select
              label="Outcome"
              allowDeselect={false}
              data={optionsOf(DEFENCE_OUTCOME)}
              value={item.outcome}
              onChange={(outcome) => change({ outcome: (outcome ?? 'absent') as Defence['outcome'] })}
            />
          </div>
          <Textarea
            label="What it saw"
            autosize
            minRows={1}
            value={item.whatItSaw}
            onChange={(e) => change({ whatItSaw: e.currentTarget.value })}
          />
          <EvidenceSelect timeline={timeline} value={item.evidence} onChange={(evidence) => change({ evidence })} />
        </>
      )}
    </ItemList>
  )
}
