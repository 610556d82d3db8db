import '../theme/ledger.css'
import {
  getSloLedger,
  windowText,
  type LedgerCauseDto,
  type LedgerEntryDto,
  type SloDetail,
  type SloLedger,
} from '@nines/contracts'
import { NativeSelect } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { changesLink } from '../model/changes-search.ts'
import { formatDuration } from '../model/format-duration.ts'
import { formatCount } from '../model/format-number.ts'
import { formatBudget } from '../model/format-ratio.ts'
import { causeKey, LEDGER_KIND, ledgerParts, ledgerUnit, objectiveNames, type LedgerUnit } from '../model/ledger.ts'
import { CHANGE_KIND } from '../model/words.ts'
import { useApiQuery } from '../queries/use-api.ts'
import { useNow } from '../queries/use-clock.tsx'
import { usePath } from '../queries/workspace.tsx'
import { Instant } from './instant.tsx'
import { Panel } from './panel.tsx'
import { ListSkeleton, QueryView } from './query-view.tsx'

const MINUTE_MS = 60_000

interface LedgerPanelProps {
  slo: SloDetail
  /** Whose window and budget: 0 for the first objective. */
  objective: number
  onObjective: (objective: number) => void
}

/** What spent the budget of an objective's window: every bad event of it has exactly one cause. */
export function LedgerPanel({ slo, objective: wanted, onObjective }: LedgerPanelProps) {
  const now = useNow(MINUTE_MS)
  const to = Math.floor(now / MINUTE_MS) * MINUTE_MS
  const names = objectiveNames(slo)
  // An address may be older than the SLO's newest version.
  const objective = wanted < names.length ? wanted : 0
  const input = { params: { id: slo.id }, query: { to: new Date(to).toISOString(), objective } }
  const ledger = useApiQuery(getSloLedger, input, { keepPrevious: true })
  return (
    <QueryView query={ledger} name="The ledger" skeleton={<ListSkeleton rows={3} height={40} />}>
      {(data) => (
        <LedgerView
          ledger={data}
          unit={ledgerUnit(slo.sli)}
          choice={
            names.length > 1 && (
              <NativeSelect
                size="xs"
                aria-label="Objective"
                value={objective}
                data={names.map((label, value) => ({ value: String(value), label }))}
                onChange={(event) => onObjective(Number(event.currentTarget.value))}
              />
            )
          }
        />
      )}
    </QueryView>
  )
}

interface LedgerViewProps {
  ledger: SloLedger
  unit: LedgerUnit
  choice: ReactNode
}

function LedgerView({ ledger, unit, choice }: LedgerViewProps) {
  const lookBack = formatDuration(ledger.changeLookBackSeconds)
  return (
    <Panel
      title="What spent the budget"
      flush
      actions={
        <span className="ledger-head">
          {choice}
          <span className="meta">
            {choice === false && `${windowText(ledger.window)}, `}to <Instant at={ledger.to} format="minute" />
          </span>
        </span>
      }
      note={`Counted are minutes that have ended. Each minute’s bad events go to one cause: an incident of this SLO that covers it; else maintenance; else a change of the service at most ${lookBack} before the burn began. The rest is unattributed.`}
    >
      {ledger.spent.units === 0 && ledger.entries.length === 1 ? (
        <p className="muted" style={{ padding: '0 14px' }}>
          Nothing was spent. {ledger.corrected.minutes > 0 && correctedText(ledger.corrected, unit)}
        </p>
      ) : (
        <>
          <LedgerBar ledger={ledger} />
          <LedgerTable ledger={ledger} unit={unit} />
        </>
      )}
    </Panel>
  )
}

/** As wide as the whole budget; what is left is empty. */
function LedgerBar({ ledger }: { ledger: SloLedger }) {
  const { share } = ledger.spent
  if (share === null) return null
  return (
    <div className="ledger-bar" aria-hidden>
      {ledgerParts(ledger).map((part) => (
        <span key={part.key} className={`ledger-part ${part.kind}`} style={{ width: `${part.width * 100}%` }} />
      ))}
    </div>
  )
}

function LedgerTable({ ledger, unit }: { ledger: SloLedger; unit: LedgerUnit }) {
  return (
    <div className="mini-scroll">
      <table className="mini-table" aria-label="What spent the budget">
        <thead>
          <tr>
            <th>Cause</th>
            <th className="wide-only">First bad minute</th>
            <th className="right wide-only">{unit.one}</th>
            <th className="right">Of the budget</th>
            <th className="right">As full outage</th>
          </tr>
        </thead>
        <tbody>
          {ledger.entries.map((entry) => (
            <LedgerRow key={causeKey(entry.cause)} entry={entry} unit={unit} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Spent</th>
            <td className="wide-only">–</td>
            <td className="right num wide-only">{formatCount(ledger.spent.badEvents)}</td>
            <td className="right num">{formatBudget(ledger.spent.share)}</td>
            <td className="right num">{formatDuration(ledger.spent.outageSeconds)}</td>
          </tr>
          {ledger.corrected.minutes > 0 && <CorrectedRow corrected={ledger.corrected} unit={unit} />}
        </tfoot>
      </table>
    </div>
  )
}

function correctedText({ badEvents, minutes }: SloLedger['corrected'], unit: LedgerUnit): string {
  return `Corrections keep out ${formatCount(badEvents)} ${unit.one.toLowerCase()} of ${formatCount(minutes)} min.`
}

/** What is in none of the rows above, because corrections took it out. */
function CorrectedRow({ corrected, unit }: { corrected: SloLedger['corrected']; unit: LedgerUnit }) {
  return (
    <tr className="ledger-kept-out">
      <td colSpan={5}>{correctedText(corrected, unit)}</td>
    </tr>
  )
}

function LedgerRow({ entry, unit }: { entry: LedgerEntryDto; unit: LedgerUnit }) {
  const { cause, minutes, first, badEvents, share, outageSeconds } = entry
  return (
    <tr>
      <th scope="row" aria-label={nameOf(cause)}>
        <span className="ledger-cause">
          <i className={`ledger-swatch ${cause.kind}`} aria-hidden />
          <span>
            <CauseName cause={cause} />
            <span className="meta">{causeNote(cause, minutes, unit)}</span>
          </span>
        </span>
      </th>
      <td className="wide-only">
        <Instant at={first} format="minute" />
      </td>
      <td className="right num wide-only">{formatCount(badEvents)}</td>
      <td className="right num">{formatBudget(share)}</td>
      <td className="right num">{formatDuration(outageSeconds)}</td>
    </tr>
  )
}

function CauseName({ cause }: { cause: LedgerCauseDto }) {
  const path = usePath()
  if (cause.kind === 'unattributed') return <span>Unattributed</span>
  if (cause.kind === 'incident')
    return <Link to={path(`/incidents/${cause.id}`)}>{`#${cause.number} ${cause.title}`}</Link>
  if (cause.kind === 'maintenance') return <span>{cause.title}</span>
  return <Link to={path(changesLink({ change: cause.id }))}>{cause.title}</Link>
}

function nameOf(cause: LedgerCauseDto): string {
  return cause.kind === 'unattributed' ? LEDGER_KIND.unattributed : cause.title
}

function causeNote(cause: LedgerCauseDto, minutes: number, unit: LedgerUnit): string {
  const counted = `${formatCount(minutes)} min ${unit.minutes}`
  if (cause.kind === 'unattributed') return counted
  const kind = cause.kind === 'change' ? CHANGE_KIND[cause.changeKind] : LEDGER_KIND[cause.kind]
  const place = cause.kind === 'change' && cause.environment !== '' ? ` in ${cause.environment}` : ''
  return `${kind}${place} · ${counted}`
}
