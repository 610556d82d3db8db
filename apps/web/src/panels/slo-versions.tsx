import { windowText, type SloDetail } from '@nines/contracts'
import { formatTarget } from '../model/format-ratio.ts'
import { describeSli } from '../model/describe-sli.ts'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { RecordTable, type RecordColumn } from './record-table.tsx'

type Version = SloDetail['versions'][number]

const COLUMNS: RecordColumn<Version>[] = [
  { key: 'version', title: 'Version', width: 110, head: true, render: (v) => <strong>Version {v.version}</strong> },
  { key: 'since', title: 'Since', width: 190, render: (v) => <Instant at={v.createdAt} /> },
  { key: 'by', title: 'By', width: 160, render: (v) => v.createdBy ?? <span className="muted">Nines</span> },
  { key: 'target', title: 'Target', numeric: true, width: 90, render: (v) => formatTarget(v.target) },
  { key: 'window', title: 'Window', width: 190, render: (v) => windowText(v.window) },
  { key: 'sli', title: 'SLI', render: (v) => <span className="mono wrap-anywhere">{describeSli(v.sli)}</span> },
]

/** What the SLO was and is. A changed SLI, target or window is a new version; the budget then counts by the new one. */
export function SloVersions({ slo }: { slo: SloDetail }) {
  const newestFirst = [...slo.versions].sort((a, b) => b.version - a.version)
  return (
    <Panel flush>
      <RecordTable label="Versions" records={newestFirst} columns={COLUMNS} idOf={(v) => `${v.version}`} />
    </Panel>
  )
}
