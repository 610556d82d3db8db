import { listMembers, type AnyRoute, type ChannelDto, type createChannel, type ResponseOf } from '@nines/contracts'
import { Select, Switch, TextInput } from '@mantine/core'
import { useApiQuery } from '../queries/use-api.ts'
import { useRouteForm } from '../queries/use-route-form.ts'
import { FormActions } from './form-parts.tsx'

interface ChannelFormProps<T extends AnyRoute> {
  route: T
  channel?: ChannelDto
  onDone: (answer: ResponseOf<T>) => void
  onClose: () => void
}

/** Adds or changes a webhook. */
export function ChannelForm<T extends typeof createChannel | AnyRoute>({
  route,
  channel,
  onDone,
  onClose,
}: ChannelFormProps<T>) {
  const members = useApiQuery(listMembers, {})
  const { form, submit, mutation } = useRouteForm({
    route: route as AnyRoute,
    params: channel === undefined ? undefined : { id: channel.id },
    initialValues: {
      name: channel?.name ?? '',
      url: channel?.url ?? '',
      userId: channel?.user?.id ?? null,
      isDefault: channel?.isDefault ?? false,
      allowPrivate: channel?.allowPrivate ?? false,
    },
    toBody: (values) => values,
    onDone: (answer) => onDone(answer as ResponseOf<T>),
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <TextInput label="Name" data-autofocus placeholder="Payments pager" {...form.getInputProps('name')} />
      <TextInput label="Webhook URL" placeholder="https://…" inputMode="url" {...form.getInputProps('url')} />
      <Select
        label="Whom it reaches"
        description="Empty: a channel of the workspace"
        clearable
        searchable
        data={(members.data?.members ?? []).map(({ user }) => ({ value: user.id, label: user.name }))}
        {...form.getInputProps('userId')}
      />
      <Switch
        label="Use it for responders who have no channel of their own"
        {...form.getInputProps('isDefault', { type: 'checkbox' })}
      />
      <Switch
        label="Allow private and loopback addresses"
        description="Only for receivers inside your own network."
        {...form.getInputProps('allowPrivate', { type: 'checkbox' })}
      />
      <FormActions
        submit={channel === undefined ? 'Add channel' : 'Save channel'}
        pending={mutation.isPending}
        error={mutation.error}
        failed="The channel was not saved."
        onCancel={onClose}
      />
    </form>
  )
}
