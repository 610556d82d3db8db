import { previewBudgetPolicy, type BodyOf, type BudgetPolicyInput, type BudgetPolicySlo } from '@nines/contracts'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo } from 'react'
import { useApiQuery } from '../../queries/use-api.ts'
import { Panel } from '../panel.tsx'
import { ListSkeleton, QueryView } from '../query-view.tsx'
import { StandingList } from './standing-list.tsx'

const SETTLED_AFTER_MS = 400
type PreviewBody = BodyOf<typeof previewBudgetPolicy>

/** How the chosen SLOs would stand if the policy held now. */
export function BudgetPreview({ draft }: { draft: BudgetPolicyInput }) {
  const { steps, margin, onUnknown, slos } = draft
  const parsed = previewBudgetPolicy.body?.safeParse({ steps, margin, onUnknown, slos })
  const asked = parsed?.success && (slos ?? []).length > 0 ? JSON.stringify(parsed.data) : ''
  const [settled] = useDebouncedValue(asked, SETTLED_AFTER_MS)
  const body = useMemo(() => (settled === '' ? null : (JSON.parse(settled) as PreviewBody)), [settled])
  const preview = useApiQuery(
    previewBudgetPolicy,
    { body: body as PreviewBody },
    { enabled: body !== null, keepPrevious: true },
  )
  if (asked === '' || body === null) {
    return (
      <Panel title="If it held now">
        <p className="muted">
          {parsed?.success ? 'Choose SLOs to see how they would stand.' : 'Something is missing in the form.'}
        </p>
      </Panel>
    )
  }
  return (
    <QueryView query={preview} name="The preview" skeleton={<ListSkeleton rows={3} height={44} />}>
      {({ items }) => (
        <Panel title="If it held now" flush note={gist(items)}>
          <StandingList slos={items} label="How the SLOs would stand" />
        </Panel>
      )}
    </QueryView>
  )
}

function gist(items: readonly BudgetPolicySlo[]): string {
  const frozen = items.filter(({ standing }) => standing.isFrozen).map(({ name }) => name)
  const said = 'Nothing is sent until it is saved and evaluated.'
  if (frozen.length === 0) return `Today this would freeze the deploys of none of them. ${said}`
  return `Today this would freeze the deploys of ${frozen.join(', ')}. ${said}`
}
