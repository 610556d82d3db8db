import { z } from 'zod'
import { prometheusDuration } from '../prometheus/prometheus-duration.ts'
import { exactlyOne, rule } from '../schema/rules.ts'

/** Sloth's files (https://sloth.dev), as `prometheus/v1` and as the Kubernetes object; both hold the same. */
/** Numbers and truth values are text to them. */
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).optional()
const alert = z.object({ disable: z.boolean().optional(), labels: texts, annotations: texts })
const plugins = z.unknown().optional()

const percent = z.number().gt(0, 'must be above 0').lte(100, 'must be at most 100')
const name = z.string().min(1, 'is required').max(128, 'is longer than 128 characters')
const query = z.string().min(1, 'is required')

const isEnabled = (value: unknown) => (value as { disable?: boolean } | undefined)?.disable !== true

/** Every alert has a name; without one there may be none. */
function named<S extends z.ZodType>(alerting: S, page: string, ticket: string): S {
  return rule(
    alerting,
    (a) => Boolean(a['name']) || (!isEnabled(a[page]) && !isEnabled(a[ticket])),
    'is required unless both alerts are disabled',
    ['name'],
  )
}

const fileAlerting = named(
  z.object({
    name: z.string().optional(),
    labels: texts,
    annotations: texts,
    page_alert: alert.optional(),
    ticket_alert: alert.optional(),
  }),
  'page_alert',
  'ticket_alert',
)
const objectAlerting = named(
  z.object({
    name: z.string().optional(),
    labels: texts,
    annotations: texts,
    pageAlert: alert.optional(),
    ticketAlert: alert.optional(),
  }),
  'pageAlert',
  'ticketAlert',
)

const plugin = z.object({ id: z.string().min(1, 'is required'), options: texts })
const fileSli = exactlyOne(
  z.object({
    raw: z.object({ error_ratio_query: query }).optional(),
    events: z.object({ error_query: query, total_query: query }).optional(),
    plugin: plugin.optional(),
  }),
  'raw',
  'events',
  'plugin',
)
const objectSli = exactlyOne(
  z.object({
    raw: z.object({ errorRatioQuery: query }).optional(),
    events: z.object({ errorQuery: query, totalQuery: query }).optional(),
    plugin: plugin.optional(),
  }),
  'raw',
  'events',
  'plugin',
)

const sloMembers = { name, description: z.string().optional(), objective: percent, labels: texts, plugins }
const service = z.string().min(1, 'is required')

export const slothFile = z.object({
  version: z.literal('prometheus/v1'),
  service,
  labels: texts,
  slo_plugins: plugins,
  slos: z.array(z.object({ ...sloMembers, sli: fileSli, alerting: fileAlerting })).min(1, 'must hold at least one SLO'),
})

export const kubernetesMetadata = z.looseObject({
  name: z.string().min(1, 'is required'),
  namespace: z.string().optional(),
  labels: texts,
  annotations: texts,
})

export const slothObject = z.object({
  apiVersion: z.literal('sloth.slok.dev/v1'),
  kind: z.literal('PrometheusServiceLevel'),
  metadata: kubernetesMetadata,
  spec: z.object({
    service,
    labels: texts,
    sloPlugins: plugins,
    slos: z
      .array(z.object({ ...sloMembers, sli: objectSli, alerting: objectAlerting }))
      .min(1, 'must hold at least one SLO'),
  }),
  status: z.unknown().optional(),
})

const alertWindow = z.object({
  errorBudgetPercent: percent,
  shortWindow: prometheusDuration,
  longWindow: prometheusDuration,
})
const windows = z.object({ quick: alertWindow, slow: alertWindow })

export const slothWindows = z.object({
  apiVersion: z.literal('sloth.slok.dev/v1'),
  kind: z.literal('AlertWindows'),
  spec: z.object({ sloPeriod: prometheusDuration, page: windows, ticket: windows }),
})
export type SlothWindows = z.infer<typeof slothWindows>['spec']

/** An SLO of Sloth, whichever way it was written. */
export interface SlothSlo {
  name: string
  description: string
  /** Percent. */
  objective: number
  events: { error: string; total: string } | undefined
  /** What stands there instead of events. */
  other: 'raw' | 'plugin' | undefined
  page: boolean
  ticket: boolean
  hasPlugins: boolean
}

export function slosOfFile(file: z.infer<typeof slothFile>): SlothSlo[] {
  return file.slos.map(({ sli, alerting, ...slo }) => ({
    ...common(slo, sli),
    events: sli.events && { error: sli.events.error_query, total: sli.events.total_query },
    page: isEnabled(alerting.page_alert),
    ticket: isEnabled(alerting.ticket_alert),
    hasPlugins: slo.plugins !== undefined || file.slo_plugins !== undefined,
  }))
}

export function slosOfObject({ spec }: z.infer<typeof slothObject>): SlothSlo[] {
  return spec.slos.map(({ sli, alerting, ...slo }) => ({
    ...common(slo, sli),
    events: sli.events && { error: sli.events.errorQuery, total: sli.events.totalQuery },
    page: isEnabled(alerting.pageAlert),
    ticket: isEnabled(alerting.ticketAlert),
    hasPlugins: slo.plugins !== undefined || spec.sloPlugins !== undefined,
  }))
}

function common(
  slo: { name: string; description?: string; objective: number },
  sli: { raw?: unknown; plugin?: unknown },
) {
  const other = sli.raw !== undefined ? ('raw' as const) : sli.plugin !== undefined ? ('plugin' as const) : undefined
  return { name: slo.name, description: slo.description ?? '', objective: slo.objective, other }
}
