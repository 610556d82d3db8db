import { decimalOf, minus, numberOf, ONE, sloTarget } from '@nines/contracts'
import type { SloSpecification } from '../schema/slo.ts'

/** An objective of a composite: what it promises, and how much of what it burns the whole burns. */
export interface WeighedObjective {
  target: number
  weight: number
}

/** How the members of a composite count together, and the target of the whole. */
export type Whole =
  | { combine: 'weighted'; weights: number[]; target: number }
  | { combine: 'all_of'; target: number }
  /** The document does not say enough (`target`), or says what cannot be (`weights`). */
  | { missing: 'target' | 'weights' }

/** Weights of a Nines composite are at most this. */
const LARGEST_WEIGHT = 1_000_000

/**
 * The specification has a whole burn as its objectives do, added up, each multiplied by its weight:
 * sum(w x (1 - SLI) / (1 - T)). That is the burn of the mean of the SLIs by weights w / (1 - T) against a target of
 * 1 - 1 / sum(w / (1 - T)), so of Occurrences no target of the whole needs to be stated. RatioTimeslices add what is missing,
 * sum(w x (1 - SLI)), and Timeslices count minutes that were bad for any objective: against the target that all objectives
 * share or, where theirs differ, the `stated` one.
 */
export function wholeOf(
  method: SloSpecification['budgetingMethod'],
  objectives: readonly WeighedObjective[],
  stated: number | undefined,
): Whole {
  const [first] = objectives
  const shared = objectives.every(({ target }) => target === first?.target) ? first?.target : undefined
  const target = stated ?? shared
  if (method === 'Occurrences')
    return added(objectives.map(({ target: own, weight }) => ({ budget: without(own), weight })))
  if (target === undefined) return { missing: 'target' }
  if (method === 'Timeslices') return { combine: 'all_of', target }
  return added(objectives.map(({ weight }) => ({ budget: without(target), weight })))
}

/** A mean whose burn is the sum of w x bad share / budget. */
function added(parts: readonly { budget: number; weight: number }[]): Whole {
  const largest = Math.max(...parts.map(({ budget }) => budget))
  const weights = parts.map(({ budget, weight }) => rounded((weight * largest) / budget))
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const target = without(rounded(largest / sum))
  if (!sloTarget.safeParse(target).success) return { missing: 'weights' }
  // Only their proportions count.
  const scale = Math.min(1, LARGEST_WEIGHT / Math.max(...weights))
  return { combine: 'weighted', weights: weights.map((weight) => Math.min(LARGEST_WEIGHT, weight * scale)), target }
}

/** 1 - a share as people reckon: 1 - 0.99 is 0.01. */
function without(share: number): number {
  return numberOf(minus(ONE, decimalOf(share)))
}

/** Without the noise of binary division. */
function rounded(value: number): number {
  return Number(value.toPrecision(15))
}
