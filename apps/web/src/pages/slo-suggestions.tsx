import { listServices } from '@nines/contracts'
import { Button, Select } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { SuggestionsView } from '../panels/suggestions/suggestions-view.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { usePath } from '../queries/workspace.tsx'
import '../theme/suggestions.css'

const route = getRouteApi('/w/$workspace/slos/suggestions')
const DAYS = [7, 14, 30, 90]

export function SloSuggestionsPage() {
  const path = usePath()
  const { service, name, days = 30 } = route.useSearch()
  const navigate = route.useNavigate()
  const services = useApiQuery(listServices, {})
  const items = services.data?.items ?? []
  // The most critical one stands first.
  const chosen = service ?? items[0]?.id
  const show = (change: { service?: string; name?: string; days?: number }) =>
    void navigate({ search: { service, name, days, ...change }, replace: true })
  return (
    <>
      <PageHeader
        title="Suggested SLOs"
        parent={{ label: 'SLOs', to: path('/slos') }}
        sub="What a service’s own telemetry supports, with the evidence"
        actions={
          <>
            <Select
              size="xs"
              aria-label="Service"
              placeholder="Choose a service"
              searchable
              allowDeselect={false}
              value={chosen ?? null}
              onChange={(value) => show({ service: value ?? undefined, name: undefined })}
              data={items.map((one) => ({ value: one.id, label: one.name }))}
            />
            <Select
              size="xs"
              aria-label="How far back"
              w={120}
              allowDeselect={false}
              value={String(days)}
              onChange={(value) => show({ days: Number(value) })}
              data={DAYS.map((count) => ({ value: String(count), label: `${count} days` }))}
            />
            {name !== undefined && (
              <Button variant="default" rightSection={<IconX size={12} />} onClick={() => show({ name: undefined })}>
                as {name}
              </Button>
            )}
          </>
        }
      />
      <QueryView query={services} name="Services">
        {() =>
          chosen === undefined ? (
            <Panel>
              <Empty
                title="No services yet"
                action={
                  <Button component={Link} to={path('/settings/services')}>
                    Add a service
                  </Button>
                }
              >
                Suggestions are made for a service of the catalogue, from what it sent over the last {days} days.
              </Empty>
            </Panel>
          ) : (
            <SuggestionsView serviceId={chosen} days={days} name={name} onName={(other) => show({ name: other })} />
          )
        }
      </QueryView>
    </>
  )
}
