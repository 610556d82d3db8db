import type { SloWindow } from '@nines/contracts'

/** For a column: `30 d`, `month`. */
export function shortWindowText(window: SloWindow): string {
  return window.kind === 'rolling' ? `${window.days} d` : window.unit
}
