import { availabilityOf, slaBasis } from '@nines/contracts'
import { TextInput } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import '../theme/sla.css'
import { SLA_DEFAULTS, type SlaSearch } from '../model/sla-search.ts'
import { PageHeader } from '../panels/page-header.tsx'
import { BasisField } from '../panels/sla/basis-field.tsx'
import { DependenciesPanel } from '../panels/sla/dependencies-panel.tsx'
import { DowntimePanel } from '../panels/sla/downtime-panel.tsx'
import { RequestsPanel } from '../panels/sla/requests-panel.tsx'
import { ReversePanel } from '../panels/sla/reverse-panel.tsx'

const route = getRouteApi('/w/$workspace/tools/sla')

/** Availability into downtime and back, in exact decimals, always with the time that it is of. */
export function SlaCalculatorPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const values = valuesOf(search)
  const change = (changed: SlaSearch) => void navigate({ search: (old) => ({ ...old, ...changed }), replace: true })
  const availability = availabilityOf(values.target)
  const basis = slaBasis(values.basis)
  return (
    <>
      <PageHeader
        title="SLA calculator"
        sub={<span>What an availability allows, over which time, to the millisecond</span>}
      />
      <div className="sla-inputs panel">
        <TextInput
          label="Availability"
          inputMode="decimal"
          rightSection="%"
          value={values.target}
          error={availability === null && 'A percentage from 0 to 100, such as 99.95'}
          onChange={(event) => change({ target: event.currentTarget.value })}
        />
        <BasisField value={values.basis} onChange={(id) => change({ basis: id })} />
      </div>
      <div className="sla-panels">
        <DowntimePanel availability={availability} basis={basis} onChoose={(id) => change({ basis: id })} />
        <div className="stack">
          <ReversePanel downtime={values.downtime} basis={basis} onChange={(downtime) => change({ downtime })} />
          <RequestsPanel
            availability={availability}
            requests={values.requests}
            onChange={(requests) => change({ requests })}
          />
        </div>
      </div>
      <DependenciesPanel
        parts={values.parts}
        target={availability}
        basis={basis}
        onChange={(parts) => change({ parts })}
      />
    </>
  )
}

function valuesOf({ target, basis, downtime, requests, parts }: SlaSearch): Record<keyof SlaSearch, string> {
  return {
    target: target ?? SLA_DEFAULTS.target,
    basis: basis ?? SLA_DEFAULTS.basis,
    downtime: downtime ?? SLA_DEFAULTS.downtime,
    requests: requests ?? SLA_DEFAULTS.requests,
    parts: parts ?? SLA_DEFAULTS.parts,
  }
}
