import { withTarget, type WithTargetOptions } from './with-target.ts'
import type { StartTarget, Target } from './target.ts'

/** Several targets at once, in the order of their starts; all of them are gone when this returns. */
export async function withTargets<R>(
  starts: readonly StartTarget[],
  options: WithTargetOptions,
  use: (targets: Target[]) => Promise<R>,
  started: Target[] = [],
): Promise<R> {
  const [start, ...others] = starts
  if (start === undefined) return use(started)
  return withTarget(start, options, (target) => withTargets(others, options, use, [...started, target]))
}
