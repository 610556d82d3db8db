import { useEffect, useRef, useState, type RefObject } from 'react'

/** Rows drawn beyond what is seen, so that fast scrolling shows no gaps. */
const OVERSCAN = 12

export interface RowWindow {
  ref: RefObject<HTMLDivElement | null>
  /** First row to draw, and the one behind the last. */
  first: number
  end: number
  /** Brings a row into view. */
  reveal: (index: number) => void
}

/** Which of many rows of one height are worth drawing, in a box that scrolls. */
export function useWindowedRows(count: number, rowHeight: number): RowWindow {
  const ref = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ top: 0, height: 800 })
  useEffect(() => {
    const box = ref.current
    if (box === null) return undefined
    const look = () => setSeen({ top: box.scrollTop, height: box.clientHeight })
    look()
    const observer = new ResizeObserver(look)
    observer.observe(box)
    box.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      box.removeEventListener('scroll', look)
    }
  }, [])
  const reveal = (index: number) => {
    const box = ref.current
    if (box === null) return
    const top = index * rowHeight
    if (top < box.scrollTop) box.scrollTop = top
    else if (top + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = top + rowHeight - box.clientHeight
  }
  return {
    ref,
    first: Math.max(0, Math.floor(seen.top / rowHeight) - OVERSCAN),
    end: Math.min(count, Math.ceil((seen.top + seen.height) / rowHeight) + OVERSCAN),
    reveal,
  }
}
