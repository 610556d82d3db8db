import type { BudgetAction, BudgetPolicyDto, BudgetPolicyInput, BudgetStep, BudgetUnknown } from '@nines/contracts'

export interface BudgetStepValues {
  /** Key of the row, so that fields keep their focus when a row is taken away. */
  key: string
  leftPercent: number | ''
  notify: string[]
  tickets: string[]
  freezes: boolean
  note: string
}

export interface BudgetPolicyValues extends Record<string, unknown> {
  name: string
  description: string
  steps: BudgetStepValues[]
  marginPercent: number | ''
  onUnknown: BudgetUnknown
  /** SLO ids. */
  slos: string[]
}

/** A share as a person enters it, without the noise of binary fractions. */
const toPercent = (share: number) => Number((share * 100).toPrecision(12))
const toShare = (percent: number | '') => (percent === '' ? Number.NaN : Number((percent / 100).toPrecision(12)))

export function newBudgetStep(leftPercent: number | ''): BudgetStepValues {
  return { key: crypto.randomUUID(), leftPercent, notify: [], tickets: [], freezes: leftPercent === 0, note: '' }
}

/** A new policy begins with what most agree on: talk at a quarter, freeze at nothing. */
export function budgetPolicyValues(policy: BudgetPolicyDto | undefined): BudgetPolicyValues {
  return {
    name: policy?.name ?? '',
    description: policy?.description ?? '',
    steps: policy?.steps.map(stepValues) ?? [newBudgetStep(25), newBudgetStep(0)],
    marginPercent: toPercent(policy?.margin ?? 0.05),
    onUnknown: policy?.onUnknown ?? 'allow',
    slos: policy?.slos.map(({ id }) => id) ?? [],
  }
}

function stepValues({ budgetLeftBelow, actions }: BudgetStep): BudgetStepValues {
  const channels = (kind: 'notify' | 'ticket') =>
    actions.flatMap((action) => (action.kind === kind && 'channelId' in action ? action.channelId : []))
  return {
    key: crypto.randomUUID(),
    leftPercent: toPercent(budgetLeftBelow),
    notify: channels('notify'),
    tickets: channels('ticket'),
    freezes: actions.some(({ kind }) => kind === 'freeze'),
    note: actions.find((action) => action.kind === 'note')?.text ?? '',
  }
}

/** What the API is sent. SLOs that follow the policy already keep the objective that it watches. */
export function budgetPolicyBody(values: BudgetPolicyValues, policy: BudgetPolicyDto | undefined): BudgetPolicyInput {
  const objectives = new Map(policy?.slos.map(({ id, objective }) => [id, objective]))
  return {
    name: values.name,
    description: values.description,
    steps: values.steps.map((step) => ({ budgetLeftBelow: toShare(step.leftPercent), actions: actionsOf(step) })),
    margin: toShare(values.marginPercent),
    onUnknown: values.onUnknown,
    slos: values.slos.map((id) => ({ id, objective: objectives.has(id) ? (objectives.get(id) ?? null) : 0 })),
  }
}

function actionsOf({ notify, tickets, freezes, note }: BudgetStepValues): BudgetAction[] {
  return [
    ...notify.map((channelId) => ({ kind: 'notify' as const, channelId })),
    ...tickets.map((channelId) => ({ kind: 'ticket' as const, channelId })),
    ...(freezes ? [{ kind: 'freeze' as const }] : []),
    ...(note.trim() === '' ? [] : [{ kind: 'note' as const, text: note }]),
  ]
}

/** Where the form shows what is wrong with a field of the body. */
export function budgetPolicyField(path: string): string {
  if (path === 'margin') return 'marginPercent'
  if (path.startsWith('slos')) return 'slos'
  return path.replace(/budgetLeftBelow$/, 'leftPercent').replace(/\.actions\b.*/, '.notify')
}
