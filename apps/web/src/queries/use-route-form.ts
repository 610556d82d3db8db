import type { AnyRoute, BodyOf, ResponseOf } from '@nines/contracts'
import { useForm } from '@mantine/form'
import type { ApiError, CallInput } from '../api-client.ts'
import { formErrors } from '../model/form-errors.ts'
import { issueMessage, type SchemaIssue } from '../model/issue-message.ts'
import { useApiMutation } from './use-api.ts'

interface RouteForm<T extends AnyRoute, V> {
  route: T
  initialValues: V
  toBody: (values: V) => BodyOf<T>
  /** Maps a path of the body to the form's own field name where they differ. */
  fieldName?: (path: string, values: V) => string
  params?: Record<string, string>
  onDone: (answer: ResponseOf<T>) => void
}

/**
 * A form over one operation: the route's own body schema validates before sending, and issues in the server's answer
 * land at the same fields.
 */
export function useRouteForm<T extends AnyRoute, V extends Record<string, unknown>>(spec: RouteForm<T, V>) {
  const { route, toBody } = spec
  const nameIn = (values: V) => (path: string) => spec.fieldName?.(path, values) ?? path
  const mutation = useApiMutation(route, spec.onDone)
  const form = useForm<V>({
    initialValues: spec.initialValues,
    validate: (values: V) => {
      const result = route.body?.safeParse(toBody(values))
      if (result === undefined || result.success) return {}
      const issues = (result.error.issues as (SchemaIssue & { path: PropertyKey[] })[]).map((issue) => ({
        path: issue.path.map(String).join('.'),
        message: issueMessage(issue),
      }))
      return formErrors(issues, nameIn(values))
    },
  })
  const submit = form.onSubmit((values) => {
    const input = { params: spec.params, body: toBody(values) } as unknown as CallInput<T>
    mutation.mutate(input, {
      onError: (error: ApiError) => form.setErrors(formErrors(error.issues, nameIn(values))),
    })
  })
  return { form, submit, mutation }
}
