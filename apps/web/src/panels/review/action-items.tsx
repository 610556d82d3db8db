import {
  actionItemState,
  actionItemType,
  createActionItem,
  deleteActionItem,
  listMembers,
  updateActionItem,
  type ActionItemDto,
  type ReviewDetail,
} from '@nines/contracts'
import { ActionIcon, Button, Select, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { ACTION_STATE, ACTION_TYPE, optionsOf } from '../../model/words.ts'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { Failure } from '../query-view.tsx'

/** Action items with owner and due date. Every change is saved at once, and still is after publication. */
export function ActionItems({ review }: { review: ReviewDetail }) {
  const members = useApiQuery(listMembers, {})
  const [title, setTitle] = useState('')
  const create = useApiMutation(createActionItem, () => setTitle(''))
  const owners = (members.data?.members ?? []).map(({ user }) => ({ value: user.id, label: user.name }))
  const add = () => {
    if (title.trim() !== '') create.mutate({ params: { id: review.id }, body: { title } })
  }
  return (
    <div className="item-list">
      <h3 style={{ marginBottom: 8 }}>Action items</h3>
      {review.actions.map((item) => (
        <ActionItem key={item.id} item={item} owners={owners} removable={review.state !== 'published'} />
      ))}
      <div style={{ display: 'flex', gap: 8, marginTop: 10 }}>
        <TextInput
          style={{ flex: 1 }}
          aria-label="New action item"
          placeholder="What will be done"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <Button
          size="sm"
          variant="default"
          leftSection={<IconPlus size={14} />}
          loading={create.isPending}
          onClick={add}
        >
          Add action
        </Button>
      </div>
      {create.isError && <Failure what="The action was not added." error={create.error} />}
    </div>
  )
}

interface ActionItemProps {
  item: ActionItemDto
  owners: { value: string; label: string }[]
  removable: boolean
}

function ActionItem({ item, owners, removable }: ActionItemProps) {
  const [title, setTitle] = useState(item.title)
  const update = useApiMutation(updateActionItem)
  const remove = useApiMutation(deleteActionItem)
  const save = (
    part: Partial<{
      title: string
      type: ActionItemDto['type']
      state: ActionItemDto['state']
      ownerId: string | null
      dueOn: string | null
    }>,
  ) => {
    const body = {
      title: item.title,
      type: item.type,
      state: item.state,
      ownerId: item.owner?.id ?? null,
      dueOn: item.dueOn,
      ...part,
    }
    update.mutate({ params: { id: item.id }, body })
  }
  const error = update.error ?? remove.error
  return (
    <fieldset className="item-card" aria-label={`Action: ${item.title}`}>
      <div style={{ display: 'flex', gap: 8 }}>
        <TextInput
          style={{ flex: 1 }}
          aria-label="Action"
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          onBlur={() => title.trim() !== '' && title !== item.title && save({ title })}
        />
        {removable && (
          <ActionIcon
            size="lg"
            aria-label={`Delete action ${item.title}`}
            loading={remove.isPending}
            onClick={() => remove.mutate({ params: { id: item.id } })}
          >
            <IconTrash size={15} />
          </ActionIcon>
        )}
      </div>
      <div className="form-row" style={{ gridTemplateColumns: 'repeat(auto-fit, minmax(130px, 1fr))' }}>
        <Select
          label="Type"
          size="xs"
          allowDeselect={false}
          data={optionsOf(ACTION_TYPE)}
          value={item.type}
          onChange={(type) => save({ type: actionItemType.parse(type) })}
        />
        <Select
          label="Owner"
          size="xs"
          placeholder="Nobody"
          clearable
          searchable
          data={owners}
          value={item.owner?.id ?? null}
          onChange={(ownerId) => save({ ownerId })}
        />
        <TextInput
          label="Due"
          size="xs"
          type="date"
          value={item.dueOn ?? ''}
          onChange={(event) => save({ dueOn: event.currentTarget.value === '' ? null : event.currentTarget.value })}
        />
        <Select
          label="State"
          size="xs"
          allowDeselect={false}
          data={optionsOf(ACTION_STATE)}
          value={item.state}
          onChange={(state) => save({ state: actionItemState.parse(state) })}
        />
      </div>
      {error !== null && <Failure what="Not saved." error={error} />}
    </fieldset>
  )
}
