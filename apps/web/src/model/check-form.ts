import type { CheckDto, HttpAssertion } from '@nines/contracts'
import { formatMillis } from './format-number.ts'

/** One assertion with all its fields side by side, as a form row holds it. */
export interface AssertionValues {
  on: HttpAssertion['on']
  op: string
  /** Header name; only for headers. */
  name: string
  value: string | number
}

export interface CheckValues extends Record<string, unknown> {
  name: string
  serviceId: string | null
  enabled: boolean
  intervalSeconds: number | ''
  timeoutMs: number | ''
  method: CheckDto['config']['method']
  url: string
  headers: { name: string; value: string }[]
  body: string
  assertions: AssertionValues[]
  allowPrivate: boolean
}

/** Comparisons that each subject allows; the first is the default. */
export const OPERATORS: Record<HttpAssertion['on'], { value: string; label: string }[]> = {
  status: [
    { value: 'in_class', label: 'is in class' },
    { value: 'equals', label: 'is' },
  ],
  body: [
    { value: 'contains', label: 'contains' },
    { value: 'not_contains', label: 'does not contain' },
  ],
  header: [
    { value: 'equals', label: 'is' },
    { value: 'contains', label: 'contains' },
  ],
  duration_ms: [{ value: 'below', label: 'is below (ms)' }],
}

export function checkToValues(check: CheckDto | undefined): CheckValues {
  const config = check?.config
  return {
    name: check?.name ?? '',
    serviceId: check?.service?.id ?? null,
    enabled: check?.enabled ?? true,
    intervalSeconds: check?.intervalSeconds ?? 30,
    timeoutMs: check?.timeoutMs ?? 10_000,
    method: config?.method ?? 'GET',
    url: config?.url ?? '',
    headers: Object.entries(config?.headers ?? {}).map(([name, value]) => ({ name, value })),
    body: config?.body ?? '',
    assertions: (config?.assertions ?? [{ on: 'status', op: 'in_class', value: 2 }]).map((assertion) => ({
      name: '',
      ...assertion,
    })),
    allowPrivate: config?.allowPrivate ?? false,
  }
}

export function valuesToCheck(values: CheckValues) {
  return {
    name: values.name,
    serviceId: values.serviceId,
    enabled: values.enabled,
    intervalSeconds: Number(values.intervalSeconds),
    timeoutMs: Number(values.timeoutMs),
    config: {
      kind: 'http' as const,
      url: values.url,
      method: values.method,
      headers: Object.fromEntries(values.headers.filter((h) => h.name !== '').map((h) => [h.name, h.value])),
      body: values.method === 'POST' && values.body !== '' ? values.body : undefined,
      assertions: values.assertions.map(toAssertion),
      allowPrivate: values.allowPrivate,
    },
  }
}

/** The schema refuses what does not fit; here only the fields of the subject are kept. */
function toAssertion({ on, op, name, value }: AssertionValues): HttpAssertion {
  const fields =
    on === 'header'
      ? { on, op, name, value: String(value) }
      : on === 'body'
        ? { on, op, value: String(value) }
        : { on, op, value: Number(value) }
  return fields as HttpAssertion
}

/** Fields of the form stand flat; the API nests them in `config`. */
export function checkFieldName(path: string): string {
  return path.replace(/^config\./, '')
}

export function describeAssertion(assertion: HttpAssertion): string {
  const { on, value } = assertion
  if (on === 'status') return assertion.op === 'in_class' ? `Status is ${value}xx` : `Status is ${value}`
  if (on === 'duration_ms') return `Answered within ${formatMillis(value)}`
  if (on === 'body') return `Body ${assertion.op === 'contains' ? 'contains' : 'does not contain'} “${value}”`
  return `Header ${assertion.name} ${assertion.op === 'equals' ? 'is' : 'contains'} “${value}”`
}
