import { z } from 'zod'

const labelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'a label name has letters, digits and _, no digit first')
/** YAML reads `version: 1` as a number; Prometheus takes it as the text. */
const labelValue = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** Targets that share labels, as in static_configs and in the files of file_sd_configs. */
export const targetGroup = z.strictObject({
  targets: z.array(z.string().min(1)),
  labels: z.record(labelName, labelValue).optional().default({}),
})
export type TargetGroup = z.infer<typeof targetGroup>
