import { publishReview, updateReview, type ReviewDetail } from '@nines/contracts'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { draftOf, sameDraft, type ReviewDraft } from '../../model/review-draft.ts'
import { useApiMutation } from '../../queries/use-api.ts'
import { useWorkspace } from '../../queries/workspace.tsx'

/**
 * The text under edit. It keeps the revision it began from: while nothing was typed it follows the server, afterwards a
 * newer revision of somebody else is a conflict that the author decides.
 */
export function useReviewDraft(review: ReviewDetail) {
  const { slug } = useWorkspace()
  const client = useQueryClient()
  const [base, setBase] = useState(review)
  const [draft, setDraft] = useState<ReviewDraft>(() => draftOf(review))
  const dirty = !sameDraft(draft, draftOf(base))
  const adopt = (next: ReviewDetail) => {
    setBase(next)
    setDraft(draftOf(next))
  }
  if (!dirty && review.revision > base.revision) adopt(review)
  const accept = (saved: ReviewDetail) => {
    client.setQueryData([slug, 'getReview', { params: { id: review.id } }], saved)
    adopt(saved)
  }
  const save = useApiMutation(updateReview, accept)
  const publish = useApiMutation(publishReview, accept)
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (dirty) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [dirty])
  const send = (revision: number) => save.mutateAsync({ params: { id: review.id }, body: { ...draft, revision } })
  return {
    draft,
    setDraft,
    dirty,
    save,
    publish,
    /** Somebody else saved meanwhile: their version, or that the server said so. */
    conflict: dirty && (review.revision > base.revision || save.error?.status === 409),
    saveDraft: () => send(base.revision),
    overwrite: () => send(review.revision),
    takeTheirs: () => {
      save.reset()
      adopt(review)
    },
    publishReview: async () => {
      if (dirty) await send(base.revision)
      await publish.mutateAsync({ params: { id: review.id } })
    },
  }
}
