import { getReview, type ReviewDetail } from '@nines/contracts'
import { SegmentedControl } from '@mantine/core'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { ActionItems } from '../panels/review/action-items.tsx'
import { ReviewBudgets } from '../panels/review/review-budgets.tsx'
import { ReviewEditor } from '../panels/review/review-editor.tsx'
import { ReviewReader } from '../panels/review/review-reader.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { Timeline } from '../panels/timeline.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useMay, usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/reviews/$id')

export function ReviewDetailPage() {
  const { id } = route.useParams()
  const review = useApiQuery(getReview, { params: { id } })
  return (
    <QueryView query={review} name="The review" skeleton={<ListSkeleton rows={8} height={56} />}>
      {(data) => <ReviewView review={data} />}
    </QueryView>
  )
}

/** A draft opens for writing, a published review for reading; either can be seen the other way. */
function ReviewView({ review }: { review: ReviewDetail }) {
  const path = usePath()
  const may = useMay('responder')
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const view = may ? (search.view ?? (review.state === 'published' ? 'read' : 'edit')) : 'read'
  return (
    <>
      <PageHeader
        title={review.title}
        parent={{ label: 'Reviews', to: path('/reviews') }}
        sub={
          <>
            <StatusBadge of="review" state={review.state} />
            <Link to={path(`/incidents/${review.incidentId}`)}>Incident #{review.incidentNumber}</Link>
            <span>{review.service.name}</span>
            {review.publishedAt !== null && (
              <span>
                published <Instant at={review.publishedAt} format="minute" />
              </span>
            )}
          </>
        }
        actions={
          may && (
            <SegmentedControl
              aria-label="View"
              value={view}
              onChange={(value) =>
                void navigate({ search: { view: value === 'read' ? 'read' : 'edit' }, replace: true })
              }
              data={[
                { value: 'edit', label: 'Write' },
                { value: 'read', label: 'Read' },
              ]}
            />
          )
        }
      />
      {view === 'read' ? (
        <ReviewReader review={review} />
      ) : (
        <div className="columns wide-side">
          <div className="stack">
            <ReviewEditor key={review.id} review={review} actions={<ActionItems review={review} />} />
          </div>
          <aside aria-label="Cost and timeline of the incident">
            <ReviewBudgets incidentId={review.incidentId} />
            <Panel title="Timeline" flush>
              <div style={{ maxHeight: 'calc(100dvh - 190px)', overflowY: 'auto' }}>
                <Timeline entries={review.timeline} />
              </div>
            </Panel>
          </aside>
        </div>
      )}
    </>
  )
}
