import { deleteCheck, getCheck, listCheckRuns, type CheckDetail, type CheckDto, type CheckRun } from '@nines/contracts'
import { Button } from '@mantine/core'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { describeAssertion } from '../model/check-form.ts'
import { formatWindow } from '../model/format-duration.ts'
import { formatMillis } from '../model/format-number.ts'
import { formatRatio } from '../model/format-ratio.ts'
import { durationPercentile, PHASES, runPoints } from '../model/run-phases.ts'
import { rangeQuery } from '../model/time-range.ts'
import { ChartPanel } from '../panels/chart-panel.tsx'
import { RunsChart } from '../panels/charts/lazy-charts.ts'
import { confirmDelete } from '../panels/confirm.tsx'
import { Instant } from '../panels/instant.tsx'
import { PageHeader } from '../panels/page-header.tsx'
import { Figure, Panel } from '../panels/panel.tsx'
import { Empty, ListSkeleton, QueryView } from '../panels/query-view.tsx'
import { RangePicker } from '../panels/range-picker.tsx'
import { StatusBadge } from '../panels/status-badge.tsx'
import { useApiMutation, useApiQuery } from '../queries/use-api.ts'
import { useClock, useNow } from '../queries/use-clock.tsx'
import { useMay, usePath } from '../queries/workspace.tsx'
import { runState } from './checks.tsx'

const route = getRouteApi('/w/$workspace/checks/$id')
/** More bars than this cannot be told apart. */
const CHART_RUNS = 160
const TABLE_RUNS = 30

export function CheckDetailPage() {
  const { id } = route.useParams()
  const check = useApiQuery(getCheck, { params: { id } })
  return (
    <QueryView query={check} name="The check" skeleton={<ListSkeleton rows={8} height={56} />}>
      {(data) => <CheckView check={data} />}
    </QueryView>
  )
}

function CheckView({ check }: { check: CheckDetail }) {
  const { range = '1h' } = route.useSearch()
  const navigate = route.useNavigate()
  const path = usePath()
  const now = useNow(30_000)
  const runs = useApiQuery(
    listCheckRuns,
    { params: { id: check.id }, query: { ...rangeQuery(range, now), limit: 1000 } },
    { keepPrevious: true },
  )
  return (
    <>
      <PageHeader
        title={check.name}
        parent={{ label: 'Checks', to: path('/checks') }}
        sub={
          <>
            <StatusBadge of="run" state={runState(check)} />
            <span className="mono wrap-anywhere">
              {check.config.method} {check.config.url}
            </span>
          </>
        }
        actions={
          <>
            <RangePicker value={range} onChange={(next) => void navigate({ search: { range: next }, replace: true })} />
            <CheckActions check={check} />
          </>
        }
      />
      {check.lastRun !== null && !check.lastRun.ok && (
        <div className="failure" role="alert" style={{ marginBottom: 16 }}>
          <StatusBadge of="run" state="failed" bare />
          <p>
            {check.lastRun.error} <span className="muted">from {check.lastRun.location}, </span>
            <Instant at={check.lastRun.startedAt} ago />
          </p>
        </div>
      )}
      <QueryView query={runs} name="The runs" skeleton={<ListSkeleton rows={3} height={200} />}>
        {({ items }) => <Runs check={check} runs={items} />}
      </QueryView>
    </>
  )
}

function CheckActions({ check }: { check: CheckDto }) {
  const path = usePath()
  const navigate = useNavigate()
  const mayEdit = useMay('editor')
  const remove = useApiMutation(deleteCheck, () => void navigate({ to: path('/checks') }))
  if (!mayEdit) return null
  return (
    <>
      <Button
        variant="default"
        component={Link}
        to={path(`/checks/${check.id}/edit`)}
        leftSection={<IconPencil size={14} />}
      >
        Edit
      </Button>
      <Button
        variant="default"
        px={8}
        aria-label="Delete check"
        onClick={() =>
          confirmDelete({
            title: `Delete “${check.name}”?`,
            body: 'It stops running. A check that an SLO uses cannot be deleted.',
            action: 'Delete',
            run: () => remove.mutateAsync({ params: { id: check.id } }),
          })
        }
      >
        <IconTrash size={14} />
      </Button>
    </>
  )
}

function Runs({ check, runs }: { check: CheckDetail; runs: readonly CheckRun[] }) {
  const clock = useClock()
  if (runs.length === 0) {
    return (
      <div className="stack">
        <Panel>
          <Empty title="No runs in this time">
            {check.enabled ? 'The first run comes within its interval, once a probe is up.' : 'The check is paused.'}
          </Empty>
        </Panel>
        <Intervals intervals={check.intervals} />
      </div>
    )
  }
  const passed = runs.filter((run) => run.ok).length
  const points = runPoints(runs, CHART_RUNS)
  return (
    <div className="stack">
      <div className="figures">
        <Figure
          label="Passed"
          value={formatRatio(passed / runs.length)}
          note={`${passed} of ${runs.length} runs shown`}
        />
        <Figure label="Passed, 24 h" value={formatRatio(check.uptime24h)} />
        <Figure label="Median" value={formatMillis(durationPercentile(runs, 0.5))} note="of passed runs" />
        <Figure label="95th percentile" value={formatMillis(durationPercentile(runs, 0.95))} note="of passed runs" />
        <Figure
          label="Every"
          value={formatWindow(check.intervalSeconds)}
          note={`gives up after ${formatMillis(check.timeoutMs)}`}
        />
      </div>
      <ChartPanel
        title="Where the time went"
        gist={`${points.length} runs.`}
        series={[
          ...PHASES.map((phase, index) => ({ name: phase.label, colour: `var(--phase-${index + 1})`, block: true })),
          { name: 'Failed', colour: 'var(--bad)', block: true },
        ]}
      >
        <RunsChart points={points} zone={clock.zone} />
      </ChartPanel>
      <div className="columns">
        <RunTable runs={runs} />
        <div className="stack">
          <Panel title="What must be true">
            <ul style={{ margin: 0, paddingLeft: 18 }}>
              {check.config.assertions.map((assertion) => (
                <li key={JSON.stringify(assertion)}>{describeAssertion(assertion)}</li>
              ))}
              {check.config.assertions.length === 0 && <li>The server answers at all.</li>}
            </ul>
          </Panel>
          <Intervals intervals={check.intervals} />
        </div>
      </div>
    </div>
  )
}

/** How often it ran: nothing to say while that never changed. */
function Intervals({ intervals }: { intervals: CheckDetail['intervals'] }) {
  if (intervals.length < 2) return null
  return (
    <Panel title="How often it ran" flush note="Figures of the past go by what held then">
      <table className="mini-table" aria-label="How often it ran">
        <thead>
          <tr>
            <th>From</th>
            <th className="right">Every</th>
          </tr>
        </thead>
        <tbody>
          {intervals.map(({ from, intervalSeconds }) => (
            <tr key={from}>
              <td>
                <Instant at={from} />
              </td>
              <td className="right num">{intervalSeconds === null ? 'Paused' : formatWindow(intervalSeconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  )
}

function RunTable({ runs }: { runs: readonly CheckRun[] }) {
  const shown = runs.slice(0, TABLE_RUNS)
  const anyFailed = shown.some((run) => !run.ok)
  return (
    <Panel
      title="Runs"
      flush
      note={runs.length > TABLE_RUNS ? `The newest ${TABLE_RUNS} of ${runs.length}` : undefined}
    >
      <div className="mini-scroll">
        <table className="mini-table" aria-label="Runs">
          <thead>
            <tr>
              <th>Run</th>
              <th>Started</th>
              <th className="wide-only">Location</th>
              <th className="right">Status</th>
              <th className="right">Took</th>
              {anyFailed && <th>What failed</th>}
            </tr>
          </thead>
          <tbody>
            {shown.map((run) => (
              <tr key={run.runId}>
                <td>
                  <StatusBadge of="run" state={run.ok ? 'passed' : 'failed'} bare />
                </td>
                <td>
                  <Instant at={run.startedAt} />
                </td>
                <td className="wide-only">{run.location}</td>
                <td className="right num">{run.statusCode ?? '–'}</td>
                <td className="right num">{formatMillis(run.durationMs)}</td>
                {anyFailed && <td className="wrap-anywhere run-error">{run.error}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
