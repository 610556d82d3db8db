import { PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { signIn } from '../auth-client.ts'
import { CenterPage } from '../panels/center-page.tsx'
import { FormActions } from '../panels/form-parts.tsx'

const route = getRouteApi('/login')

export function LoginPage() {
  const { next } = route.useSearch()
  const router = useRouter()
  const client = useQueryClient()
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.includes('@') ? null : 'Enter your email address'),
      password: (value) => (value === '' ? 'Enter your password' : null),
    },
  })
  const login = useMutation({
    mutationFn: (values: { email: string; password: string }) => signIn(values.email, values.password),
    onSuccess: () => {
      client.clear()
      // Only paths of this site: "//elsewhere" would leave it.
      router.history.push(next !== undefined && !/^\/[/\\]/.test(next) ? next : '/')
    },
  })
  return (
    <CenterPage title="Sign in">
      <form className="form-grid" noValidate onSubmit={form.onSubmit((values) => login.mutate(values))}>
        <TextInput label="Email" type="email" autoComplete="username" {...form.getInputProps('email')} />
        <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
        <FormActions submit="Sign in" pending={login.isPending} error={login.error} failed="" />
      </form>
    </CenterPage>
  )
}
