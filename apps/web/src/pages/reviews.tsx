import { listReviews, type ReviewDto } from '@nines/contracts'
import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { RecordTable, type RecordColumn } from '../panels/record-table.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { usePath } from '../queries/workspace.tsx'

function useColumns(): RecordColumn<ReviewDto>[] {
  const path = usePath()
  return [
    {
      key: 'title',
      title: 'Review',
      head: true,
      render: (review) => (
        <>
          <Link to={path(`/reviews/${review.id}`)} className="plain-link">
            {review.title}
          </Link>
          <div className="meta">{review.service.name}</div>
        </>
      ),
    },
    {
      key: 'state',
      title: 'State',
      width: 130,
      sort: (r) => r.state,
      render: (r) => <StatusBadge of="review" state={r.state} />,
    },
    {
      key: 'incident',
      title: 'Incident',
      numeric: true,
      sort: (r) => r.incidentNumber,
      render: (r) => <Link to={path(`/incidents/${r.incidentId}`)}>#{r.incidentNumber}</Link>,
    },
    { key: 'actions', title: 'Open actions', numeric: true, sort: (r) => r.openActions, render: (r) => r.openActions },
    { key: 'created', title: 'Drafted', sort: (r) => r.createdAt, render: (r) => <Instant at={r.createdAt} /> },
    { key: 'published', title: 'Published', sort: (r) => r.publishedAt, render: (r) => <Instant at={r.publishedAt} /> },
  ]
}

/** Reviews of past incidents: what happened, what held, what is done about it. */
export function ReviewsPage() {
  const path = usePath()
  const reviews = useApiQuery(listReviews, {})
  const columns = useColumns()
  return (
    <>
      <PageHeader title="Reviews" sub="What incidents taught, and whether the actions were done" />
      <Panel flush>
        <QueryView query={reviews} name="Reviews">
          {({ items }) =>
            items.length === 0 ? (
              <Empty
                title="No reviews yet"
                action={
                  <Button variant="default" component={Link} to={path('/incidents')}>
                    Go to incidents
                  </Button>
                }
              >
                When an incident is resolved, Nines drafts its review from the timeline. The team then writes down what
                contributed, what each defence saw and what is to be done.
              </Empty>
            ) : (
              <RecordTable label="Reviews" records={items} columns={columns} idOf={(review) => review.id} />
            )
          }
        </QueryView>
      </Panel>
    </>
  )
}
