import {
  createChannel,
  deleteChannel,
  listChannels,
  listMessages,
  rotateChannelSecret,
  testChannel,
  updateChannel,
  type ChannelDto,
} from '@nines/contracts'
import { Button, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconBan, IconDots, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import { sentence } from '../../model/words.ts'
import { ChannelForm } from '../../panels/channel-form.tsx'
import { confirmDelete } from '../../panels/confirm.tsx'
import { Copyable } from '../../panels/copyable.tsx'
import { DeliveryAttempts } from '../../panels/delivery-attempts.tsx'
import { Instant } from '../../panels/instant.tsx'
import { Panel } from '../../panels/panel.tsx'
import { Empty, ListSkeleton, QueryView } from '../../panels/query-view.tsx'
import { FormDialog, SettingsFrame } from '../../panels/settings-frame.tsx'
import { StatusBadge } from '../../panels/status-badge.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useMay } from '../../queries/workspace.tsx'

/** Ways to reach people: each with its test and every message it carried. */
export function ChannelsPage() {
  const isAdmin = useMay('admin')
  const channels = useApiQuery(listChannels, {})
  const [editing, setEditing] = useState<ChannelDto | 'new' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const done = (answer: { secret?: string }) => {
    setEditing(null)
    setSecret(answer.secret ?? null)
  }
  return (
    <SettingsFrame
      title="Channels"
      sub="Where pages go: signed webhooks to a person or a team's tool"
      add={isAdmin && 'Add channel'}
      onAdd={() => setEditing('new')}
    >
      <QueryView query={channels} name="Channels">
        {({ items }) =>
          items.length === 0 ? (
            <Panel>
              <Empty
                title="No channels yet"
                action={isAdmin && <Button onClick={() => setEditing('new')}>Add a channel</Button>}
              >
                Without a channel nobody can be paged. Add a webhook of your chat, your pager or your own receiver, then
                send it a test.
              </Empty>
            </Panel>
          ) : (
            items.map((channel) => (
              <ChannelPanel key={channel.id} channel={channel} onEdit={setEditing} onSecret={setSecret} />
            ))
          )
        }
      </QueryView>
      <FormDialog
        title={editing === 'new' ? 'Add channel' : 'Edit channel'}
        opened={editing !== null}
        onClose={() => setEditing(null)}
      >
        {editing === 'new' ? (
          <ChannelForm route={createChannel} onDone={done} onClose={() => setEditing(null)} />
        ) : (
          editing !== null && (
            <ChannelForm
              route={updateChannel}
              channel={editing}
              onDone={() => setEditing(null)}
              onClose={() => setEditing(null)}
            />
          )
        )}
      </FormDialog>
      <FormDialog title="Signing secret" opened={secret !== null} onClose={() => setSecret(null)}>
        <p style={{ marginBottom: 12 }}>
          Shown once. The receiver verifies the <code>webhook-signature</code> header with it (Standard Webhooks).
        </p>
        <Copyable label="Signing secret" value={secret ?? ''} />
      </FormDialog>
    </SettingsFrame>
  )
}

interface ChannelPanelProps {
  channel: ChannelDto
  onEdit: (channel: ChannelDto) => void
  onSecret: (secret: string) => void
}

function ChannelPanel({ channel, onEdit, onSecret }: ChannelPanelProps) {
  const mayTest = useMay('editor')
  const isAdmin = useMay('admin')
  const [open, setOpen] = useState(false)
  const test = useApiMutation(testChannel, () => setOpen(true))
  const failed = (error: Error) => notifications.show({ color: 'red', title: 'Not sent', message: error.message })
  return (
    <Panel
      title={
        <>
          {channel.name}
          {channel.isDefault && <span className="badge">Default</span>}
          {channel.disabledAt !== null && (
            <span className="badge bad">
              <IconBan size={14} aria-hidden /> Disabled
            </span>
          )}
        </>
      }
      actions={
        <div className="page-actions" style={{ width: 'auto' }}>
          {mayTest && channel.disabledAt === null && (
            <Button
              variant="default"
              leftSection={<IconSend size={14} />}
              loading={test.isPending}
              aria-label={`Send a test to ${channel.name}`}
              onClick={() => test.mutate({ params: { id: channel.id } }, { onError: failed })}
            >
              Send test
            </Button>
          )}
          <Button variant="default" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide messages' : 'Messages'}
          </Button>
          {isAdmin && <ChannelMenu channel={channel} onEdit={onEdit} onSecret={onSecret} />}
        </div>
      }
    >
      <div className="mono wrap-anywhere">{channel.url}</div>
      <div className="meta" style={{ marginTop: 4 }}>
        {channel.user === null ? 'Of the workspace' : `Reaches ${channel.user.name}`}
        {channel.isDefault && ' · used for responders without a channel of their own'}
        {channel.allowPrivate && ' · may be a private address'}
      </div>
      {channel.disabledAt !== null && (
        <p className="is-bad" style={{ marginTop: 8 }}>
          Disabled <Instant at={channel.disabledAt} />: {channel.disabledReason}. Saving it again enables it.
        </p>
      )}
      {open && <Messages channelId={channel.id} />}
    </Panel>
  )
}

function ChannelMenu({ channel, onEdit, onSecret }: ChannelPanelProps) {
  const rotate = useApiMutation(rotateChannelSecret, ({ secret }) => onSecret(secret))
  const remove = useApiMutation(deleteChannel)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" px={8} aria-label={`More actions for ${channel.name}`}>
          <IconDots size={15} />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onEdit(channel)}>Edit</Menu.Item>
        <Menu.Item
          onClick={() =>
            confirmDelete({
              title: `New secret for “${channel.name}”?`,
              body: 'For 24 h messages are signed with the old secret too, so receivers can be changed without a gap.',
              action: 'Make new secret',
              run: () => rotate.mutateAsync({ params: { id: channel.id } }),
            })
          }
        >
          Rotate secret
        </Menu.Item>
        <Menu.Item
          color="red"
          onClick={() =>
            confirmDelete({
              title: `Delete “${channel.name}”?`,
              body: 'A channel that a policy uses cannot be deleted.',
              action: 'Delete',
              run: () => remove.mutateAsync({ params: { id: channel.id } }),
            })
          }
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

const SHOWN = 20

function Messages({ channelId }: { channelId: string }) {
  const messages = useApiQuery(listMessages, { params: { id: channelId } })
  return (
    <div style={{ marginTop: 12, borderTop: '1px solid var(--line)', paddingTop: 6 }}>
      <QueryView query={messages} name="Messages" skeleton={<ListSkeleton rows={2} />}>
        {({ items }) => (
          <>
            {items.slice(0, SHOWN).map((message) => (
              <div key={message.id} style={{ padding: '8px 0' }}>
                <StatusBadge of="delivery" state={message.state} /> <strong>{sentence(message.eventType)}</strong>{' '}
                <span className="meta">
                  <Instant at={message.createdAt} /> · <span className="mono">{message.id}</span>
                </span>
                <DeliveryAttempts attempts={message.attempts} />
              </div>
            ))}
            {items.length === 0 && <p className="muted">No message yet. Send a test.</p>}
          </>
        )}
      </QueryView>
    </div>
  )
}
