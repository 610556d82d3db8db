import { z } from 'zod'
import { alertConditionSpec, alertPolicySpec, notificationTargetSpec } from './alerts.ts'
import { description, documentOf } from './metadata.ts'
import { sliSpecification } from './sli.ts'
import { sloSpecification } from './slo.ts'

const dataSourceSpec = z.strictObject({
  description,
  type: z.string().min(1, 'is required'),
  connectionDetails: z.unknown().refine((details) => details !== undefined, 'is required'),
})

/** The seven kinds of OpenSLO v1 (https://github.com/OpenSLO/OpenSLO). */
export const openSloKinds = {
  DataSource: documentOf('DataSource', dataSourceSpec),
  SLI: documentOf('SLI', sliSpecification),
  SLO: documentOf('SLO', sloSpecification),
  Service: documentOf('Service', z.strictObject({ description })),
  AlertPolicy: documentOf('AlertPolicy', alertPolicySpec),
  AlertCondition: documentOf('AlertCondition', alertConditionSpec),
  AlertNotificationTarget: documentOf('AlertNotificationTarget', notificationTargetSpec),
}
export type OpenSloKind = keyof typeof openSloKinds
export type OpenSloDocument<K extends OpenSloKind = OpenSloKind> = z.infer<(typeof openSloKinds)[K]>
