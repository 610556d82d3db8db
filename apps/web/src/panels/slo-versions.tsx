import type { SloDetail } from '@nines/contracts'
import { formatTarget } from '../model/format-ratio.ts'
import { describeSli } from '../model/sli-form.ts'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'

/** What the SLO was and is. A changed SLI, target or window is a new version; the budget then counts by the new one. */
export function SloVersions({ slo }: { slo: SloDetail }) {
  return (
    <Panel flush>
      <div className="mini-scroll">
        <table className="mini-table" aria-label="Versions">
          <thead>
            <tr>
              <th className="right">Version</th>
              <th>Since</th>
              <th>By</th>
              <th className="right">Target</th>
              <th className="right">Window</th>
              <th>SLI</th>
            </tr>
          </thead>
          <tbody>
            {[...slo.versions]
              .sort((a, b) => b.version - a.version)
              .map((version) => (
                <tr key={version.version}>
                  <th scope="row" className="right num">
                    {version.version}
                  </th>
                  <td>
                    <Instant at={version.createdAt} />
                  </td>
                  <td>{version.createdBy ?? <span className="muted">Nines</span>}</td>
                  <td className="right num">{formatTarget(version.target)}</td>
                  <td className="right num">{version.windowDays} d</td>
                  <td className="mono wrap-anywhere">{describeSli(version.sli)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
