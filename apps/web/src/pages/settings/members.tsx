import {
  inviteMember,
  listMembers,
  removeMember,
  role as roleSchema,
  updateMember,
  type InvitationDto,
  type MemberDto,
} from '@nines/contracts'
import { Select, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { optionsOf, ROLE_WORDS, sentence } from '../../model/words.ts'
import { confirmDelete } from '../../panels/confirm.tsx'
import { Copyable } from '../../panels/copyable.tsx'
import { FormActions } from '../../panels/form-parts.tsx'
import { Instant } from '../../panels/instant.tsx'
import { Panel } from '../../panels/panel.tsx'
import { QueryView } from '../../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../../panels/record-table.tsx'
import { RowActions } from '../../panels/row-actions.tsx'
import { FormDialog, SettingsFrame } from '../../panels/settings-frame.tsx'
import { useApiMutation, useApiQuery } from '../../queries/use-api.ts'
import { useRouteForm } from '../../queries/use-route-form.ts'
import { useMay, useWorkspace } from '../../queries/workspace.tsx'

/** `lastAdmin`: the only admin left, whom the server would neither remove nor demote. */
function useColumns(lastAdmin: string | null): RecordColumn<MemberDto>[] {
  const isAdmin = useMay('admin')
  const { user: me } = useWorkspace()
  const change = useApiMutation(updateMember)
  const remove = useApiMutation(removeMember)
  const failed = (error: Error) => notifications.show({ color: 'red', title: 'Not changed', message: error.message })
  const ask = (member: MemberDto) =>
    confirmDelete({
      title: `Remove ${member.user.name}?`,
      body: 'They lose access at once. What they wrote stays. Schedules and policies that name them must be changed first.',
      action: 'Remove',
      run: () => remove.mutateAsync({ params: { id: member.id } }),
    })
  return [
    {
      key: 'name',
      title: 'Member',
      head: true,
      sort: (member) => member.user.name,
      render: (member) => (
        <>
          <strong>{member.user.name}</strong> {member.user.id === me.id && <span className="badge">You</span>}
          <div className="meta">{member.user.email}</div>
        </>
      ),
    },
    {
      key: 'role',
      title: 'Role',
      width: 190,
      sort: (member) => member.role,
      render: (member) =>
        isAdmin && member.id !== lastAdmin ? (
          <Select
            size="xs"
            aria-label={`Role of ${member.user.name}`}
            allowDeselect={false}
            data={roleSchema.options.map((value) => ({ value, label: sentence(value) }))}
            value={member.role}
            onChange={(value) =>
              change.mutate({ params: { id: member.id }, body: { role: roleSchema.parse(value) } }, { onError: failed })
            }
          />
        ) : (
          sentence(member.role)
        ),
    },
    {
      key: 'joined',
      title: 'Joined',
      sort: (member) => member.joinedAt,
      render: (member) => <Instant at={member.joinedAt} />,
    },
    ...(isAdmin
      ? [
          {
            key: 'actions',
            title: '',
            width: 60,
            has: (member: MemberDto) => member.id !== lastAdmin,
            render: (member: MemberDto) =>
              member.id !== lastAdmin && <RowActions name={member.user.name} onDelete={() => ask(member)} />,
          },
        ]
      : []),
  ]
}

export function MembersPage() {
  const isAdmin = useMay('admin')
  const members = useApiQuery(listMembers, {})
  const [inviting, setInviting] = useState(false)
  const [link, setLink] = useState<string | null>(null)
  const admins = (members.data?.members ?? []).filter((member) => member.role === 'admin')
  const columns = useColumns(admins.length === 1 ? (admins[0]?.id ?? null) : null)
  return (
    <SettingsFrame
      title="Members"
      sub="Who belongs to this workspace, and what they may do"
      add={isAdmin && 'Invite'}
      onAdd={() => setInviting(true)}
    >
      <QueryView query={members} name="Members">
        {(data) => (
          <>
            <Panel flush>
              <RecordTable
                label="Members"
                records={data.members}
                columns={columns}
                idOf={(member) => member.id}
                initialSort={{ key: 'name', direction: 'asc' }}
              />
            </Panel>
            <Invitations invitations={data.invitations.filter((invitation) => invitation.acceptedAt === null)} />
          </>
        )}
      </QueryView>
      <FormDialog title="Invite somebody" opened={inviting} onClose={() => setInviting(false)} size="md">
        <InviteForm
          onClose={() => setInviting(false)}
          onLink={(url) => {
            setInviting(false)
            setLink(url)
          }}
        />
      </FormDialog>
      <FormDialog title="Invitation link" opened={link !== null} onClose={() => setLink(null)} size="md">
        <p style={{ marginBottom: 12 }}>
          Shown once. Send it to them over a channel you trust; whoever opens it joins.
        </p>
        <Copyable label="Invitation link" value={link ?? ''} />
      </FormDialog>
    </SettingsFrame>
  )
}

function Invitations({ invitations }: { invitations: readonly InvitationDto[] }) {
  if (invitations.length === 0) return null
  return (
    <Panel title="Open invitations" flush>
      <div className="row-list">
        {invitations.map((invitation) => (
          <div key={invitation.id} className="row-item">
            <div>
              <strong>{invitation.email}</strong> <span className="muted">as {invitation.role}</span>
            </div>
            <span className="meta">
              ends <Instant at={invitation.expiresAt} ago />
            </span>
          </div>
        ))}
      </div>
    </Panel>
  )
}

function InviteForm({ onClose, onLink }: { onClose: () => void; onLink: (url: string) => void }) {
  const { form, submit, mutation } = useRouteForm({
    route: inviteMember,
    initialValues: { email: '', role: 'responder' },
    toBody: (values) => ({ email: values.email, role: roleSchema.parse(values.role) }),
    onDone: ({ url }) => onLink(url),
  })
  return (
    <form className="form-grid" noValidate onSubmit={submit}>
      <TextInput label="Email" type="email" data-autofocus {...form.getInputProps('email')} />
      <Select label="Role" allowDeselect={false} data={optionsOf(ROLE_WORDS)} {...form.getInputProps('role')} />
      <FormActions
        submit="Create invitation"
        pending={mutation.isPending}
        error={mutation.error}
        failed="The invitation was not created."
        onCancel={onClose}
      />
    </form>
  )
}
