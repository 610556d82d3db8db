import { z } from 'zod'

/**
 * weighted: the mean of the members' SLIs by weight. all_of: minutes in which every member met its own target, over all
 * minutes. worst_of: the least SLI. critical_path: the product of the SLIs, as of steps that must all succeed.
 */
export const compositeCombine = z.enum(['weighted', 'all_of', 'worst_of', 'critical_path'])
export type CompositeCombine = z.infer<typeof compositeCombine>

/** What a member counts as while nothing is measured of it: nothing, good, or bad. */
export const noDataRule = z.enum(['ignore', 'good', 'bad'])
export type NoDataRule = z.infer<typeof noDataRule>

export const compositeMember = z.object({
  /** An SLO of the same workspace, of any kind. Its current version counts. */
  sloId: z.string().min(1).max(64),
  /** Of `weighted` only, relative to the other weights; 1 when left out. */
  weight: z.number().positive().max(1_000_000).optional(),
  noData: noDataRule.default('ignore'),
})
export type CompositeMember = z.infer<typeof compositeMember>

export const MOST_COMPOSITE_MEMBERS = 25
/** Composites of composites: one over plain SLOs is 1 deep. */
export const MOST_COMPOSITE_DEPTH = 5

/** SLOs as one: a user journey, a product. It has no slices of its own but those of its members. */
export const compositeSli = z
  .object({
    kind: z.literal('composite'),
    combine: compositeCombine,
    members: z.array(compositeMember).min(2, 'choose at least two SLOs').max(MOST_COMPOSITE_MEMBERS),
  })
  .superRefine(({ combine, members }, context) => {
    const known = new Set<string>()
    for (const [index, { sloId, weight }] of members.entries()) {
      if (known.has(sloId))
        context.addIssue({ code: 'custom', path: ['members', index, 'sloId'], message: 'is a member already' })
      if (weight !== undefined && combine !== 'weighted')
        context.addIssue({ code: 'custom', path: ['members', index, 'weight'], message: 'is for weighted composites' })
      known.add(sloId)
    }
  })
export type CompositeSli = z.infer<typeof compositeSli>
