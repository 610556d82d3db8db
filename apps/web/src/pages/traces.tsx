import { searchTraces } from '@nines/contracts'
import { Button, SegmentedControl, Tabs } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import '../theme/traces.css'
import { spanBody, spanOf, type Span } from '../model/span-search.ts'
import { isTraceSearchFiltered, traceFilterOf, type TracesSearch } from '../model/traces-search.ts'
import { PageHeader } from '../panels/page-header.tsx'
import { Panel } from '../panels/panel.tsx'
import { Empty, ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { SendHint } from '../panels/send-hint.tsx'
import { SpanPicker } from '../panels/span-picker.tsx'
import { ServiceMapView } from '../panels/traces/service-map-view.tsx'
import { TraceFilters } from '../panels/traces/trace-filters.tsx'
import { TraceList } from '../panels/traces/trace-list.tsx'
import { useApiQuery } from '../queries/use-api.ts'

const route = getRouteApi('/w/$workspace/traces')
const FALLBACK = '1h'
const LIMIT = 50

export function TracesPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [now, setNow] = useState(() => Date.now())
  const span = spanOf(search, now, FALLBACK)
  const view = search.view ?? 'traces'
  const change = (changed: Partial<TracesSearch>) => {
    setNow(Date.now())
    void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })
  }
  return (
    <>
      <PageHeader
        title="Traces"
        sub={<span>Requests on their way through your services</span>}
        actions={
          <>
            <SpanPicker value={search} fallback={FALLBACK} onChange={change} />
            <Button variant="default" leftSection={<IconRefresh size={14} />} onClick={() => setNow(Date.now())}>
              Refresh
            </Button>
          </>
        }
      />
      <Tabs
        value={view}
        onChange={(value) => change({ view: value === 'map' ? 'map' : undefined })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="traces">Traces</Tabs.Tab>
          <Tabs.Tab value="map">Service map</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="traces">
          <TraceFilters search={search} onChange={change} />
          <Found search={search} span={span} onChange={change} />
        </Tabs.Panel>
        <Tabs.Panel value="map">
          <ServiceMapView
            span={span}
            time={{ range: search.range, from: search.from, to: search.to }}
            onOpen={(service) => change({ service, view: undefined })}
          />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

interface FoundProps {
  search: TracesSearch
  span: Span
  onChange: (changed: Partial<TracesSearch>) => void
}

function Found({ search, span, onChange }: FoundProps) {
  const body = { ...traceFilterOf(search), ...spanBody(span), limit: LIMIT }
  const traces = useApiQuery(searchTraces, { body }, { keepPrevious: true })
  const count = traces.data?.items.length ?? 0
  return (
    <Panel
      flush
      title={
        count === 0 ? 'Traces' : `${count === LIMIT ? `First ${LIMIT}` : count} ${count === 1 ? 'trace' : 'traces'}`
      }
      actions={
        <SegmentedControl
          aria-label="Order"
          value={search.sort ?? 'newest'}
          onChange={(sort) => onChange({ sort: sort === 'slowest' ? 'slowest' : undefined })}
          data={[
            { value: 'newest', label: 'Newest' },
            { value: 'slowest', label: 'Slowest' },
          ]}
        />
      }
    >
      <QueryView query={traces} name="Traces" skeleton={<ListSkeleton rows={10} height={34} />}>
        {({ items }) =>
          items.length > 0 ? (
            <TraceList traces={items} />
          ) : isTraceSearchFiltered(search) ? (
            <Empty
              title="No trace is like this"
              action={
                <Button variant="default" onClick={() => onChange(CLEARED)}>
                  Clear the filters
                </Button>
              }
            >
              A trace is found by one span that fits all of the filters at once. Look further back, or take one away.
            </Empty>
          ) : (
            <SendHint title="No traces in this time" signal="traces" />
          )
        }
      </QueryView>
    </Panel>
  )
}

const CLEARED: Partial<TracesSearch> = {
  service: undefined,
  operation: undefined,
  status: undefined,
  min: undefined,
  max: undefined,
  attr: undefined,
}
