import type { TelemetrySignal, TelemetryUsagePeriod } from '@nines/contracts'
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react'
import { formatBytes } from '../../model/format-bytes.ts'
import { formatCount, formatRate } from '../../model/format-number.ts'
import { refusalWords } from '../../model/refusal-words.ts'
import { Panel } from '../panel.tsx'

interface UsagePanelProps {
  period: TelemetryUsagePeriod
  name: string
}

const SIGNALS: { signal: TelemetrySignal; label: string; unit: string }[] = [
  { signal: 'metrics', label: 'Metrics', unit: 'samples' },
  { signal: 'logs', label: 'Logs', unit: 'records' },
  { signal: 'traces', label: 'Traces', unit: 'spans' },
]

/** What came in over a period and what was turned away, by signal and by reason. */
export function UsagePanel({ period, name }: UsagePanelProps) {
  const seconds = (Date.parse(period.to) - Date.parse(period.from)) / 1000
  return (
    <>
      <Panel title={`Accepted and refused, ${name}`} flush>
        <div className="mini-scroll">
          <table className="mini-table">
            <thead>
              <tr>
                <th scope="col">Signal</th>
                <th scope="col" className="right">
                  Accepted
                </th>
                <th scope="col" className="right">
                  Mean rate
                </th>
                <th scope="col" className="right wide-only">
                  Bodies
                </th>
                <th scope="col" className="right">
                  Refused
                </th>
                <th scope="col" className="right wide-only">
                  Requests refused
                </th>
              </tr>
            </thead>
            <tbody>
              {SIGNALS.map(({ signal, label, unit }) => {
                const counts = period.signals.find((one) => one.signal === signal)
                const refused = counts?.refusedRows ?? 0
                const requests = counts?.refusedRequests ?? 0
                return (
                  <tr key={signal}>
                    <th scope="row">{label}</th>
                    <td className="right num">
                      {formatCount(counts?.acceptedRows ?? 0)} <span className="muted wide-only">{unit}</span>
                    </td>
                    <td className="right num">{formatRate((counts?.acceptedRows ?? 0) / Math.max(1, seconds))}</td>
                    <td className="right num wide-only">{formatBytes(counts?.acceptedBytes ?? 0)}</td>
                    <td className={`right num ${refused > 0 ? 'is-bad' : 'muted'}`}>{formatCount(refused)}</td>
                    <td className={`right num wide-only ${requests > 0 ? 'is-bad' : 'muted'}`}>
                      {formatCount(requests)}
                    </td>
                  </tr>
                )
              })}
            </tbody>
          </table>
        </div>
      </Panel>
      <Refusals refusals={period.refusals} name={name} />
    </>
  )
}

function Refusals({ refusals, name }: { refusals: TelemetryUsagePeriod['refusals']; name: string }) {
  if (refusals.length === 0) {
    return (
      <div className="calm" style={{ margin: '16px 0' }}>
        <IconCheck size={16} className="is-good" aria-hidden /> Nothing was refused in the {name}.
      </div>
    )
  }
  return (
    <Panel title="Why it was refused" flush>
      <ul className="refusals">
        {refusals.map(({ signal, reason, metric, rows, requests }) => {
          const words = refusalWords(reason)
          return (
            <li key={`${signal} ${reason} ${metric ?? ''}`}>
              <IconAlertTriangle size={15} className="is-warn" aria-hidden />
              <div>
                <strong>{words.title}</strong> <span className="muted">{signal}</span>
                {metric !== null && <code className="wrap-anywhere"> {metric}</code>}
                {words.meaning !== '' && <div className="meta">{words.meaning}</div>}
              </div>
              <div className="num right">
                {rows > 0 && (
                  <div>
                    {formatCount(rows)} {rows === 1 ? 'row' : 'rows'}
                  </div>
                )}
                {requests > 0 && (
                  <div>
                    {formatCount(requests)} {requests === 1 ? 'request' : 'requests'}
                  </div>
                )}
              </div>
            </li>
          )
        })}
      </ul>
    </Panel>
  )
}
