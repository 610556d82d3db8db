import {
  deleteSlo,
  getSlo,
  getSloHistory,
  isComposite,
  windowText,
  type ExplainedFigure,
  type SloDetail,
} from '@nines/contracts'
import { Button, Menu, Tabs } from '@mantine/core'
import { IconArchive, IconDots, IconPencil } from '@tabler/icons-react'
import { useMediaQuery } from '@mantine/hooks'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { allowedDowntimeSeconds } from '../model/allowed-downtime.ts'
import { burnOf } from '../model/evidence.ts'
import { formatDuration } from '../model/format-duration.ts'
import { formatBurn, formatCount } from '../model/format-number.ts'
import { formatBudget, formatRatio, formatTarget } from '../model/format-ratio.ts'
import { logsLink } from '../model/logs-search.ts'
import { describeSli } from '../model/describe-sli.ts'
import { sliServices } from '../model/sli-services.ts'
import { tracesLink } from '../model/traces-search.ts'
import { rangeQuery, type TimeRange } from '../model/time-range.ts'
import { BackfillNotice } from '../panels/backfill-notice.tsx'
import { BurnDownChart, BurnRateChart } from '../panels/charts/lazy-charts.ts'
import { ChartPanel } from '../panels/chart-panel.tsx'
import { ExplainDrawer } from '../panels/explain-drawer.tsx'
import { confirmDelete } from '../panels/confirm.tsx'
import { ForecastFigure } from '../panels/forecast-figure.tsx'
import { SloPolicyPanel } from '../panels/budget-policy/slo-policy-panel.tsx'
import { GatePanel } from '../panels/gate-panel.tsx'
import { Instant } from '../panels/instant.tsx'
import { CorrectionsPanel } from '../panels/corrections-panel.tsx'
import { LedgerPanel } from '../panels/ledger-panel.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Figure, Panel } from '../panels/panel.tsx'
import { Empty, ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { RangePicker } from '../panels/range-picker.tsx'
import { RulesEditor } from '../panels/rules-editor.tsx'
import { MembersPanel, PartOf } from '../panels/slo-members.tsx'
import { SourceNote, useSloSource } from '../panels/code-source.tsx'
import { SloVersions } from '../panels/slo-versions.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { ObjectivesTable } from '../panels/objectives-table.tsx'
import { WindowsTable } from '../panels/windows-table.tsx'
import { useApiMutation, useApiQuery } from '../queries/use-api.ts'
import { useClock, useNow } from '../queries/use-clock.tsx'
import { useMay, usePath } from '../queries/workspace.tsx'

const route = getRouteApi('/w/$workspace/slos/$id')

export function SloDetailPage() {
  const { id } = route.useParams()
  const slo = useApiQuery(getSlo, { params: { id } })
  return (
    <QueryView query={slo} name="The SLO" skeleton={<ListSkeleton rows={8} height={56} />}>
      {(data) => <SloView slo={data} />}
    </QueryView>
  )
}

function SloView({ slo }: { slo: SloDetail }) {
  const { tab = 'budget', range = '24h' } = route.useSearch()
  const navigate = route.useNavigate()
  const source = useSloSource(slo.id)
  const path = usePath()
  const narrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false })
  const setRange = (next: TimeRange) => void navigate({ search: (old) => ({ ...old, range: next }), replace: true })
  return (
    <>
      <PageHeader
        title={slo.name}
        parent={{ label: 'SLOs', to: path('/slos') }}
        sub={
          <>
            <StatusBadge of="data" state={slo.status?.state ?? 'unmeasured'} />
            <Link to={path(`/slos?service=${slo.service.id}`)}>{slo.service.name}</Link>
            <span className="mono wrap-anywhere">{describeSli(slo.sli)}</span>
            <SloTelemetry slo={slo} range={range} />
            <PartOf slo={slo} />
          </>
        }
        actions={source === null && <SloActions slo={slo} />}
      />
      {slo.description !== '' && <p style={{ margin: '-6px 0 16px', maxWidth: '80ch' }}>{slo.description}</p>}
      <SourceNote source={source} />
      <BackfillNotice slo={slo} />
      <Figures slo={slo} />
      <Tabs
        value={tab}
        onChange={(value) => void navigate({ search: (old) => ({ ...old, tab: value as typeof tab }), replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="budget">Budget and burn</Tabs.Tab>
          <Tabs.Tab value="rules">Alert rules ({slo.rules.length})</Tabs.Tab>
          <Tabs.Tab value="versions">Versions ({slo.versions.length})</Tabs.Tab>
          {tab === 'budget' && !narrow && (
            <div style={{ marginLeft: 'auto', paddingBottom: 6 }}>
              <RangePicker value={range} onChange={setRange} />
            </div>
          )}
        </Tabs.List>
        <Tabs.Panel value="budget">
          {narrow && (
            <div style={{ marginBottom: 14 }}>
              <RangePicker value={range} onChange={setRange} />
            </div>
          )}
          <BudgetTab slo={slo} range={range} />
        </Tabs.Panel>
        <Tabs.Panel value="rules">
          <RulesEditor slo={slo} readOnly={source !== null} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <SloVersions slo={slo} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

/** The logs and traces of the services that the indicator measures, in the same time range. */
function SloTelemetry({ slo, range }: { slo: SloDetail; range: TimeRange }) {
  const path = usePath()
  const service = sliServices(slo.sli)
  const [first] = service
  if (first === undefined) return null
  return (
    <span className="row-links">
      <Link to={path(logsLink({ range, service }))}>Logs</Link>
      <Link to={path(tracesLink({ range, service: first }))}>Traces</Link>
    </span>
  )
}

function SloActions({ slo }: { slo: SloDetail }) {
  const path = usePath()
  const navigate = useNavigate()
  const mayEdit = useMay('editor')
  const archive = useApiMutation(deleteSlo, () => void navigate({ to: path('/slos') }))
  if (!mayEdit) return null
  return (
    <>
      <Button
        variant="default"
        component={Link}
        to={path(`/slos/${slo.id}/edit`)}
        leftSection={<IconPencil size={14} />}
      >
        Edit
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="default" px={8} aria-label="More actions">
            <IconDots size={15} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconArchive size={14} />}
            onClick={() =>
              confirmDelete({
                title: `Archive “${slo.name}”?`,
                body: 'It is no longer evaluated and pages nobody. Its history, alerts and reviews stay.',
                action: 'Archive',
                run: () => archive.mutateAsync({ params: { id: slo.id } }),
              })
            }
          >
            Archive
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

function Figures({ slo }: { slo: SloDetail }) {
  const { status } = slo
  const left = status?.budgetRemaining ?? null
  const burn = burnOf(status, 3600)
  const allowed = allowedDowntimeSeconds(slo)
  const [asked, ask] = useState<ExplainedFigure['id'] | null>(null)
  return (
    <div className="figures">
      <ExplainDrawer slo={slo} figure={asked} onClose={() => ask(null)} />
      <Figure
        label={`SLI, ${windowText(slo.window)}`}
        value={formatRatio(status?.sli)}
        tone={status?.sli !== null && status?.sli !== undefined && status.sli < slo.target ? 'bad' : undefined}
        note={`target ${formatTarget(slo.target)}`}
        onExplain={() => ask('sli')}
      />
      <Figure
        label="Error budget left"
        value={formatBudget(left)}
        tone={left === null ? undefined : left <= 0 ? 'bad' : left < 0.25 ? 'warn' : undefined}
        note={left === null ? 'no events yet' : `${formatDuration(left * allowed)} of ${formatDuration(allowed)}`}
        onExplain={() => ask('budget_remaining')}
      />
      <Figure
        label="Burn over 1 h"
        value={formatBurn(burn)}
        tone={burn !== null && burn >= 6 ? 'bad' : undefined}
        note="1× spends it in one window"
        onExplain={() => ask('burn')}
      />
      <Figure
        label="Budget spent in"
        value={left !== null && left <= 0 ? 'Spent' : formatDuration(status?.exhaustionSeconds)}
        note={exhaustionNote(left, status?.exhaustionSeconds ?? null)}
        onExplain={() => ask('exhaustion')}
      />
      <ForecastFigure slo={slo} />
      <Figure
        label="Bad events"
        value={formatCount(status === null ? null : status.total - status.good)}
        note={`of ${formatCount(status?.total)}`}
        onExplain={() => ask('budget')}
      />
      <Figure
        label="Last event"
        value={<Instant at={status?.lastEventAt} ago />}
        note={<Instant at={status?.lastEventAt} format="clock" />}
      />
    </div>
  )
}

function NoHistory({ slo, from }: { slo: SloDetail; from: number }) {
  const hasEvents = (slo.status?.lastEventAt ?? 0) >= from
  return (
    <Panel title="Error budget left">
      {hasEvents ? (
        <Empty title="No whole minute yet">
          The chart shows whole minutes, some half a minute after their end. The figures above hold already.
        </Empty>
      ) : (
        <Empty title="Nothing was measured in this time">
          No event of this SLO is known in the chosen time. Choose a longer one, or wait: the first figures appear
          seconds after the first events.
        </Empty>
      )}
    </Panel>
  )
}

function exhaustionNote(left: number | null, seconds: number | null): string {
  if (left !== null && left <= 0) return 'nothing is left to burn'
  return seconds === null ? 'not being spent' : 'at the burn of the last hour'
}

const CORRECTED = { name: 'corrected', colour: 'color-mix(in srgb, var(--idle) 25%, transparent)', block: true }

function BudgetTab({ slo, range }: { slo: SloDetail; range: TimeRange }) {
  const { objective = 0 } = route.useSearch()
  const navigate = route.useNavigate()
  const clock = useClock()
  const now = useNow(30_000)
  const query = rangeQuery(range, now)
  const history = useApiQuery(getSloHistory, { params: { id: slo.id }, query }, { keepPrevious: true })
  const span = { from: Date.parse(query.from), to: Date.parse(query.to), zone: clock.zone }
  const thresholds = slo.rules
    .filter((rule) => rule.enabled)
    .flatMap(({ condition }) => (condition.kind === 'burn_rate' ? condition.pairs.map((pair) => pair.factor) : []))
  return (
    <div className="stack">
      <QueryView query={history} name="The history" skeleton={<ListSkeleton rows={2} height={260} />}>
        {(data) => {
          if (data.points.every((point) => point.budgetRemaining === null))
            return <NoHistory slo={slo} from={span.from} />
          return (
            <>
              <ChartPanel
                title="Error budget left"
                gist={`Now ${formatBudget(slo.status?.budgetRemaining)}; ${data.alerts.length} alerts and ${data.changes.length} changes in this time.`}
                series={[
                  { name: `left of the budget, ${windowText(slo.window)}`, colour: 'var(--chart-1)' },
                  { name: 'alert open', colour: 'color-mix(in srgb, var(--bad) 25%, transparent)', block: true },
                  { name: 'change of the service', colour: 'var(--ink-3)' },
                  ...(data.corrected.length === 0 ? [] : [CORRECTED]),
                ]}
              >
                <BurnDownChart history={data} {...span} />
              </ChartPanel>
              <ChartPanel
                title="Burn rate"
                gist={`Over the last hour ${formatBurn(burnOf(slo.status, 3600))}.`}
                series={[
                  { name: 'over 1 h', colour: 'var(--chart-1)' },
                  { name: 'over 5 min', colour: 'var(--chart-2)' },
                  { name: 'threshold', colour: 'var(--ink-3)' },
                  { name: 'alert fired', colour: 'var(--bad)' },
                  { name: 'change', colour: 'var(--ink-3)' },
                ]}
              >
                <BurnRateChart history={data} {...span} thresholds={thresholds} />
              </ChartPanel>
            </>
          )
        }}
      </QueryView>
      {isComposite(slo.sli) && <MembersPanel slo={slo} />}
      {slo.furtherObjectives.length > 0 && <ObjectivesTable slo={slo} />}
      <LedgerPanel
        slo={slo}
        objective={objective}
        onObjective={(next) =>
          void navigate({ search: (old) => ({ ...old, objective: next === 0 ? undefined : next }), replace: true })
        }
      />
      <CorrectionsPanel slo={slo} />
      <WindowsTable slo={slo} />
      <SloPolicyPanel slo={slo} />
      <GatePanel slo={slo} />
    </div>
  )
}
