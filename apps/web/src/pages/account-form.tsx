import { PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { ApiError } from '../api-client.ts'
import { formErrors } from '../model/form-errors.ts'
import { FormActions } from '../panels/form-parts.tsx'

export interface AccountValues {
  name: string
  email: string
  password: string
  workspaceName: string
}

interface AccountFormProps {
  submit: string
  /** Fixed by an invitation; asked for otherwise. */
  email?: string
  askWorkspace?: boolean
  create: (values: AccountValues) => Promise<unknown>
}

/** Name, email and password of a new account; afterwards the session exists and "/" leads on. */
export function AccountForm({ submit, email, askWorkspace = false, create }: AccountFormProps) {
  const router = useRouter()
  const client = useQueryClient()
  const form = useForm<AccountValues>({
    initialValues: { name: '', email: email ?? '', password: '', workspaceName: '' },
    validate: {
      name: (value) => (value.trim() === '' ? 'Enter your name' : null),
      email: (value) => (/^\S+@\S+\.\S+$/.test(value) ? null : 'Enter an email address'),
      password: (value) => (value.length < 12 ? 'At least 12 characters' : null),
    },
  })
  const creation = useMutation({
    mutationFn: create,
    onSuccess: () => {
      client.clear()
      router.history.push('/')
    },
    onError: (error) => {
      if (error instanceof ApiError) form.setErrors(formErrors(error.issues))
    },
  })
  return (
    <form className="form-grid" noValidate onSubmit={form.onSubmit((values) => creation.mutate(values))}>
      <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />
      <TextInput
        label="Email"
        type="email"
        autoComplete="username"
        readOnly={email !== undefined}
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label="Password"
        description="At least 12 characters"
        autoComplete="new-password"
        {...form.getInputProps('password')}
      />
      {askWorkspace && (
        <TextInput
          label="Workspace name"
          description="Usually your company or team. Leave it empty to keep the default."
          {...form.getInputProps('workspaceName')}
        />
      )}
      <FormActions
        submit={submit}
        pending={creation.isPending}
        error={creation.error}
        failed="The account was not created."
      />
    </form>
  )
}
