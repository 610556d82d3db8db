import { listChanges, listServices, type ChangeDto, type ServiceDto } from '@nines/contracts'
import { Button, Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import '../theme/changes.css'
import { CHANGES_FALLBACK, changesQuery, CHANGES_SHOWN, type ChangesSearch } from '../model/changes-search.ts'
import { spanOf } from '../model/span-search.ts'
import { CHANGE_KIND, optionsOf } from '../model/words.ts'
import { ChangeDrawer } from '../panels/changes/change-drawer.tsx'
import { ChangeTable } from '../panels/changes/change-table.tsx'
import { RecordChange, RecordChangeDialog } from '../panels/changes/record-change.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, QueryView } from '../panels/query-view.tsx'
import { ServiceFilter } from '../panels/service-filter.tsx'
import { SpanPicker } from '../panels/span-picker.tsx'
import { useApiQuery } from '../queries/use-api.ts'
import { useNow } from '../queries/use-clock.tsx'

const route = getRouteApi('/w/$workspace/changes')
const STEP_MS = 60_000

export function ChangesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const now = useNow(STEP_MS)
  const [asksHow, setAsksHow] = useState(false)
  // On whole minutes, so that the same minute asks the same; the one that runs is part of it.
  const span = spanOf(search, Math.ceil(now / STEP_MS) * STEP_MS, CHANGES_FALLBACK)
  const changes = useApiQuery(listChanges, { query: changesQuery(search, span) }, { keepPrevious: true })
  const services = useApiQuery(listServices, {})
  const known = services.data?.items ?? []
  const change = (changed: Partial<ChangesSearch>) =>
    void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })
  return (
    <>
      <PageHeader
        title="Changes"
        sub="Deploys, config changes and feature flags, and what came of them"
        actions={
          <>
            <Filters search={search} services={known} onChange={change} />
            <SpanPicker value={search} fallback={CHANGES_FALLBACK} onChange={change} />
            <Button leftSection={<IconPlus size={14} />} onClick={() => setAsksHow(true)}>
              Record changes
            </Button>
          </>
        }
      />
      <RecordChangeDialog opened={asksHow} services={known} onClose={() => setAsksHow(false)} />
      <ChangeDrawer id={search.change ?? null} onClose={() => change({ change: undefined })} />
      <Panel flush>
        <QueryView query={changes} name="Changes">
          {({ items, nextCursor }) =>
            items.length === 0 ? (
              <NoChanges isFiltered={search.service !== undefined || search.kind !== undefined} services={known} />
            ) : (
              <>
                <ChangeTable changes={items} />
                {nextCursor !== null && <Newest items={items} />}
              </>
            )
          }
        </QueryView>
      </Panel>
    </>
  )
}

interface FiltersProps {
  search: ChangesSearch
  services: readonly ServiceDto[]
  onChange: (changed: Partial<ChangesSearch>) => void
}

function Filters({ search: { service, kind }, services, onChange }: FiltersProps) {
  const names = services.map(({ slug, name }) => ({ value: slug, label: name }))
  // A link may name a service that is in no catalogue.
  const isOther = service !== undefined && !services.some(({ slug }) => slug === service)
  return (
    <>
      <ServiceFilter
        value={service}
        onChange={(value) => onChange({ service: value })}
        services={isOther ? [...names, { value: service, label: service }] : names}
      />
      <Select
        size="xs"
        aria-label="Kind"
        placeholder="All kinds"
        clearable
        value={kind ?? null}
        onChange={(value) => onChange({ kind: (value as ChangesSearch['kind'] | null) ?? undefined })}
        data={optionsOf(CHANGE_KIND)}
      />
    </>
  )
}

function NoChanges({ isFiltered, services }: { isFiltered: boolean; services: readonly ServiceDto[] }) {
  if (isFiltered)
    return (
      <Empty title="No change is like this">
        None of this service and kind is known in this time. Choose a longer time, or fewer filters.
      </Empty>
    )
  return (
    <div className="changes-empty">
      <Empty title="No changes in this time">
        Once your pipeline tells of deploys, they stand on charts and timelines, and the budget ledger says what they
        spent. A new service.version in spans counts as a deploy by itself.
      </Empty>
      <RecordChange services={services} />
    </div>
  )
}

function Newest({ items }: { items: readonly ChangeDto[] }) {
  return (
    <p className="panel-note" style={{ margin: 0 }}>
      The newest {Math.min(CHANGES_SHOWN, items.length)} are shown. Choose a shorter time or a service to see older
      ones.
    </p>
  )
}
