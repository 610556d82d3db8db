import '../theme/composite.css'
import { listSloNames, MOST_COMPOSITE_MEMBERS, type SloName } from '@nines/contracts'
import { ActionIcon, NumberInput, Select } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { newMember, weightShares } from '../model/composite-form.ts'
import { COMBINE_HINT, COMBINE_LABEL, NO_DATA_LABEL } from '../model/composite-words.ts'
import { formatBudget, formatTarget } from '../model/format-ratio.ts'
import type { SloFormValues } from '../model/slo-form-values.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { MOST_OPTIONS } from './form-parts.tsx'

type Form = UseFormReturnType<SloFormValues>

const optionsOf = (labels: Record<string, string>) => Object.entries(labels).map(([value, label]) => ({ value, label }))
const COMBINES = optionsOf(COMBINE_LABEL)
const NO_DATA = optionsOf(NO_DATA_LABEL)

/** Which SLOs a composite is made of, and how they become one figure. */
export function CompositeFields({ form, sloId }: { form: Form; sloId: string | undefined }) {
  const { combine, members } = form.values.sli.composite
  const slos = useApiQuery(listSloNames, {})
  const [search, setSearch] = useState('')
  const known = new Map((slos.data?.items ?? []).map((slo) => [slo.id, slo]))
  const chosen = new Set(members.map((member) => member.sloId))
  const choices = [...known.values()].filter(({ id }) => id !== sloId && !chosen.has(id))
  return (
    <>
      <Select
        label="Together they count as"
        data={COMBINES}
        allowDeselect={false}
        description={COMBINE_HINT[combine]}
        {...form.getInputProps('sli.composite.combine')}
      />
      <div>
        <div className="composite-head">
          <span className="field-label" id="composite-members">
            Members
          </span>
          <span className="meta">
            {members.length} of at most {MOST_COMPOSITE_MEMBERS}
          </span>
        </div>
        {members.length > 0 && (
          <ul className="composite-members" aria-labelledby="composite-members">
            {members.map((member, index) => (
              <MemberRow key={member.sloId} form={form} index={index} slo={known.get(member.sloId)} />
            ))}
          </ul>
        )}
        <Select
          mt={8}
          aria-label="Add an SLO"
          placeholder={slos.isPending ? 'Loading SLOs…' : 'Add an SLO: type to search'}
          searchable
          limit={MOST_OPTIONS}
          searchValue={search}
          onSearchChange={setSearch}
          disabled={members.length >= MOST_COMPOSITE_MEMBERS}
          nothingFoundMessage={choices.length === 0 ? 'Every SLO is a member already' : 'No SLO is called that'}
          data={choices.map((slo) => ({ value: slo.id, label: `${slo.name} · ${slo.service.name}` }))}
          error={form.errors['sli.members'] ?? (slos.isError ? 'The SLOs cannot be listed.' : undefined)}
          value={null}
          onChange={(value) => {
            // The next one is searched for anew.
            setSearch('')
            if (value === null) return
            form.insertListItem('sli.composite.members', newMember(value))
            form.clearFieldError('sli.members')
          }}
        />
        <p className="hint" style={{ margin: '8px 0 0' }}>
          A member has no data once nothing was measured of it for ten minutes (a check: two and a half of its
          intervals). While that lasts it is left out, or counts as good or bad time.
        </p>
      </div>
    </>
  )
}

function MemberRow({ form, index, slo }: { form: Form; index: number; slo: SloName | undefined }) {
  const { combine, members } = form.values.sli.composite
  const path = `sli.composite.members.${index}`
  const name = slo?.name ?? members[index]?.sloId ?? ''
  const share = weightShares(members)[index] ?? null
  const error = form.errors[`${path}.sloId`]
  return (
    <li className={`composite-member ${combine === 'weighted' ? 'weighted' : ''}`}>
      <div className="composite-name">
        <strong className="wrap-anywhere">{name}</strong>
        <span className="meta">
          {slo === undefined ? 'not listed' : `${slo.service.name} · target ${formatTarget(slo.target)}`}
        </span>
        {error !== undefined && (
          <span className="is-bad" role="alert">
            {error}
          </span>
        )}
      </div>
      {combine === 'weighted' && (
        <NumberInput
          label="Weight"
          placeholder="1"
          aria-label={`Weight of ${name}`}
          min={0}
          suffix={share === null ? '' : `  (${formatBudget(share)})`}
          {...form.getInputProps(`${path}.weight`)}
        />
      )}
      <Select
        label="Without data"
        aria-label={`Without data of ${name}`}
        data={NO_DATA}
        allowDeselect={false}
        {...form.getInputProps(`${path}.noData`)}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`Remove ${name}`}
        onClick={() => form.removeListItem('sli.composite.members', index)}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </li>
  )
}
