import { z } from 'zod'
import { prometheusDuration } from '../prometheus/prometheus-duration.ts'
import { exactlyOne } from '../schema/rules.ts'
import { kubernetesMetadata } from '../sloth/sloth-documents.ts'

const query = z.object({ metric: z.string().min(1, 'is required') })
const grouping = z.array(z.string()).optional()

/** Pyrra writes targets as text, in percent. */
const target = z
  .string()
  .refine((text) => text.trim() !== '' && Number(text) >= 0 && Number(text) <= 100, 'is not a percentage from 0 to 100')

/** Pyrra's custom resource (https://github.com/pyrra-dev/pyrra), API version pyrra.dev/v1alpha1. */
export const pyrraDocument = z.object({
  apiVersion: z.literal('pyrra.dev/v1alpha1'),
  kind: z.literal('ServiceLevelObjective'),
  metadata: kubernetesMetadata,
  spec: z.object({
    description: z.string().optional(),
    target,
    window: prometheusDuration,
    indicator: exactlyOne(
      z.object({
        ratio: z.object({ errors: query, total: query, grouping }).optional(),
        latency: z.object({ success: query, total: query, grouping }).optional(),
        latencyNative: z.object({ total: query, latency: prometheusDuration, grouping }).optional(),
        bool_gauge: z.object({ metric: z.string().min(1, 'is required'), grouping }).optional(),
      }),
      'ratio',
      'latency',
      'latencyNative',
      'bool_gauge',
    ),
    alerting: z
      .object({
        disabled: z.boolean().optional(),
        burnrates: z.boolean().optional(),
        absent: z.boolean().optional(),
        name: z.string().optional(),
        absentName: z.string().optional(),
        severities: z
          .object({
            absent: z.string().optional(),
            fastBurn: z.string().optional(),
            mediumBurn: z.string().optional(),
            slowBurn: z.string().optional(),
            longTermBurn: z.string().optional(),
          })
          .optional(),
      })
      .optional(),
    partial_response_strategy: z.enum(['', 'abort', 'warn']).optional(),
    performanceOverAccuracy: z.boolean().optional(),
    ruleOutput: z.unknown().optional(),
  }),
  status: z.unknown().optional(),
})
export type PyrraDocument = z.infer<typeof pyrraDocument>
