import { SEVERITY_LOOKS, severityOf } from '../../model/log-severity.ts'

/** The class of a record's severity, by word and colour; the sender's own word in the tooltip. */
export function SeverityBadge({ number, text }: { number: number; text: string }) {
  const look = SEVERITY_LOOKS[severityOf(number)]
  return (
    <span className={`log-severity ${look.tone}`} title={text === '' ? look.label : `${look.label} (${text})`}>
      {look.short}
    </span>
  )
}
