import type { LogRecordDto } from '@nines/contracts'
import { Button, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy, IconTimeline } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { AttributeFilter } from '../../model/attribute-filter.ts'
import { prettyBody } from '../../model/log-text.ts'
import { SEVERITY_LOOKS, severityOf } from '../../model/log-severity.ts'
import { usePath } from '../../queries/workspace.tsx'
import { AttributeTable } from '../attribute-table.tsx'

interface LogDetailProps {
  record: LogRecordDto
  onFilter: ((filter: AttributeFilter) => void) | undefined
  isInTrace: boolean
}

/** Everything that is known of a record, and the way to its trace. */
export function LogDetail({ record, onFilter, isInTrace }: LogDetailProps) {
  const path = usePath()
  const span = record.spanId === '' ? '' : `?span=${record.spanId}`
  return (
    <div className="log-detail">
      <pre
        className="snippet log-body"
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a box that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Body"
      >
        {prettyBody(record) || '(no body)'}
      </pre>
      <div className="log-actions">
        {record.traceId !== '' && !isInTrace && (
          <Button
            component={Link}
            to={path(`/traces/${record.traceId}${span}`)}
            variant="default"
            leftSection={<IconTimeline size={14} />}
          >
            Open its trace
          </Button>
        )}
        <CopyButton value={JSON.stringify(record, null, 2)}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
              onClick={copy}
            >
              {copied ? 'Copied' : 'Copy as JSON'}
            </Button>
          )}
        </CopyButton>
      </div>
      <div className="log-fields">
        <AttributeTable title="Record" of="attributes" values={factsOf(record)} isOrdered />
        <AttributeTable title="Attributes" of="attributes" values={record.attributes} onFilter={onFilter} />
        <AttributeTable title="Resource" of="resource" values={record.resource} onFilter={onFilter} />
      </div>
    </div>
  )
}

function factsOf(record: LogRecordDto): Record<string, string> {
  const severity = SEVERITY_LOOKS[severityOf(record.severityNumber)].label
  const facts = {
    time: record.at,
    observed: record.observedAt,
    severity: `${severity} (${[record.severityText, record.severityNumber].filter((part) => part !== '').join(', ')})`,
    event: record.eventName,
    scope: record.scopeName,
    'trace id': record.traceId,
    'span id': record.spanId,
  }
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''))
}
