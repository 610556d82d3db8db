import type { SloDetail } from '@nines/contracts'
import { badEvents } from '../model/evidence.ts'
import { formatWindow } from '../model/format-duration.ts'
import { formatBurn, formatCount } from '../model/format-number.ts'
import { formatRatio } from '../model/format-ratio.ts'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'

/** Every window the rules look at, with the counts behind its burn. */
export function WindowsTable({ slo }: { slo: SloDetail }) {
  const { status } = slo
  if (status === null) {
    return (
      <Panel title="Windows">
        <p className="muted">Not evaluated yet. The first figures appear seconds after the first events.</p>
      </Panel>
    )
  }
  return (
    <Panel
      title="Windows"
      flush
      actions={
        <span className="meta">
          as of <Instant at={status.at} />
        </span>
      }
      note="Burn = share of bad events ÷ (1 − target). A window without events has no burn; it is not a good one."
    >
      <div className="mini-scroll">
        <table className="mini-table" aria-label="Windows">
          <thead>
            <tr>
              <th>Window</th>
              <th className="right">Good events</th>
              <th className="right">Bad events</th>
              <th className="right">SLI</th>
              <th className="right">Burn</th>
            </tr>
          </thead>
          <tbody>
            {[...status.burns]
              .sort((a, b) => a.windowSeconds - b.windowSeconds)
              .map((burn) => (
                <tr key={burn.windowSeconds}>
                  <th scope="row">{formatWindow(burn.windowSeconds)}</th>
                  <td className="right num">{formatCount(burn.good)}</td>
                  <td className="right num">{formatCount(badEvents(burn))}</td>
                  <td className="right num">{formatRatio(burn.total === 0 ? null : burn.good / burn.total)}</td>
                  <td className="right num">{formatBurn(burn.burnRate)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}
