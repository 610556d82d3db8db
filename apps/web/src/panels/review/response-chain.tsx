import type { ReviewSections } from '@nines/contracts'
import { formatDuration } from '../../model/format-duration.ts'
import { responseSteps } from '../../model/review-draft.ts'
import { Instant } from '../instant.tsx'

/** From the start of impact to the end: computed instants; a missing one is said to be missing. */
export function ResponseChain({ times }: { times: ReviewSections['detection']['times'] }) {
  return (
    <div className="steps">
      {responseSteps(times).map((step) => (
        <div key={step.label}>
          <div className="meta">{step.label}</div>
          {step.at === null ? (
            <span className="muted">No evidence</span>
          ) : (
            <>
              <strong className="num">
                {step.sinceImpact === null || step.sinceImpact === 0 ? 'Start' : `+${formatDuration(step.sinceImpact)}`}
              </strong>
              <div className="meta">
                <Instant at={step.at} format="clock" />
              </div>
            </>
          )}
        </div>
      ))}
    </div>
  )
}
