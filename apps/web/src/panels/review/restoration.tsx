import type { ReviewSections, TimelineEntry } from '@nines/contracts'
import { Select, Textarea, TextInput } from '@mantine/core'
import { fromInputValue, toInputValue, zoneLabel } from '../../model/format-time.ts'
import { ACTION_EFFECT, optionsOf } from '../../model/words.ts'
import { useClock, useMountTime } from '../../queries/use-clock.tsx'
import { EvidenceSelect, ItemList } from './item-list.tsx'

type Action = ReviewSections['restoration']['items'][number]

interface RestorationProps {
  items: readonly Action[]
  timeline: readonly TimelineEntry[]
  onChange: (items: Action[]) => void
}

/** What was tried to restore service, and what it did. */
export function Restoration({ items, timeline, onChange }: RestorationProps) {
  const clock = useClock()
  const opened = useMountTime()
  return (
    <ItemList
      items={items}
      noun="restoring action"
      onChange={onChange}
      create={(id): Action => ({ id, description: '', effect: 'helped', at: null, evidence: [] })}
    >
      {(item, change) => (
        <>
          <Textarea
            label="Action"
            autosize
            minRows={1}
            value={item.description}
            onChange={(e) => change({ description: e.currentTarget.value })}
          />
          <div className="form-row">
            <Select
              label="Effect"
              size="xs"
              allowDeselect={false}
              data={optionsOf(ACTION_EFFECT)}
              value={item.effect}
              onChange={(effect) => change({ effect: (effect ?? 'unknown') as Action['effect'] })}
            />
            <TextInput
              label={`When (${zoneLabel(item.at ?? opened, clock.zone)})`}
              size="xs"
              type="datetime-local"
              value={item.at === null ? '' : toInputValue(item.at, clock.zone)}
              onChange={(e) =>
                change({ at: e.currentTarget.value === '' ? null : fromInputValue(e.currentTarget.value, clock.zone) })
              }
            />
          </div>
          <EvidenceSelect timeline={timeline} value={item.evidence} onChange={(evidence) => change({ evidence })} />
        </>
      )}
    </ItemList>
  )
}
