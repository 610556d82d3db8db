import type { LabelMatcher, LogCondition, LogsSli, SpansSli } from '@nines/contracts'

export interface SpansValues {
  service: string
  operation: string
  spanKinds: SpansSli['spanKinds']
  attributes: LabelMatcher[]
  good: { withoutError: boolean; maxDurationMs: number | '' }
}

export interface ConditionValues {
  service: string
  /** A number as text, for a choice. */
  minSeverity: string
  body: { op: NonNullable<LogCondition['body']>['op']; value: string }
  attributes: LabelMatcher[]
}

export interface LogsValues {
  total: ConditionValues
  partIs: 'good' | 'bad'
  part: ConditionValues
}

export function emptySpans(): SpansValues {
  const good = { withoutError: true, maxDurationMs: '' as const }
  return { service: '', operation: '', spanKinds: ['server', 'consumer'], attributes: [], good }
}

export function emptyLogs(): LogsValues {
  return { total: noCondition(), partIs: 'bad', part: { ...noCondition(), minSeverity: '17' } }
}

const noCondition = (): ConditionValues => ({
  service: '',
  minSeverity: '0',
  body: { op: 'contains', value: '' },
  attributes: [],
})

export function spansToValues({ service, operation, spanKinds, attributes, good }: SpansSli): SpansValues {
  const { withoutError, maxDurationMs } = good
  return {
    service,
    operation: operation ?? '',
    spanKinds: [...spanKinds],
    attributes: [...attributes],
    good: { withoutError, maxDurationMs: maxDurationMs ?? '' },
  }
}

export function spansToSpec({ service, operation, spanKinds, attributes, good }: SpansValues): SpansSli {
  return {
    kind: 'spans',
    service: service.trim(),
    ...(operation.trim() !== '' && { operation: operation.trim() }),
    spanKinds,
    attributes: named(attributes),
    good: {
      withoutError: good.withoutError,
      ...(good.maxDurationMs !== '' && { maxDurationMs: good.maxDurationMs }),
    },
  }
}

export function logsToValues({ total, good, bad }: LogsSli): LogsValues {
  return {
    total: conditionToValues(total, total.service),
    partIs: bad === undefined ? 'good' : 'bad',
    part: conditionToValues(good ?? bad),
  }
}

export function logsToSpec({ total, partIs, part }: LogsValues): LogsSli {
  const service = total.service.trim()
  const condition = conditionToSpec(part)
  return {
    kind: 'logs',
    total: { ...(service !== '' && { service }), ...conditionToSpec(total) },
    ...(partIs === 'good' ? { good: condition } : { bad: condition }),
  }
}

function conditionToValues(condition: LogCondition | undefined, service = ''): ConditionValues {
  const values = { ...noCondition(), service }
  if (!condition) return values
  return {
    ...values,
    minSeverity: String(condition.minSeverity),
    body: condition.body ?? values.body,
    attributes: [...condition.attributes],
  }
}

function conditionToSpec({ minSeverity, body, attributes }: ConditionValues): LogCondition {
  return {
    minSeverity: Number(minSeverity),
    ...(body.value !== '' && { body }),
    attributes: named(attributes),
  }
}

function named(matchers: readonly LabelMatcher[]): LabelMatcher[] {
  return matchers.filter((matcher) => matcher.label !== '')
}
