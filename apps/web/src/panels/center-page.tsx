import { useEffect, type ReactNode } from 'react'
import { BrandMark } from './brand.tsx'

/** The frame of pages outside a workspace: one card. */
export function CenterPage({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · Nines`
  }, [title])
  return (
    <main className="center-page">
      <div className="center-brand">
        <BrandMark size={24} /> Nines
      </div>
      <div className="center-card">
        <h1>{title}</h1>
        {lead !== undefined && (
          <p className="muted" style={{ marginTop: 6 }}>
            {lead}
          </p>
        )}
        <div style={{ marginTop: 20 }}>{children}</div>
      </div>
    </main>
  )
}

/** The token that a one-time link carries behind "#", where no server logs it: "#token=abc" or "#abc". */
export function hashToken(): string {
  const hash = window.location.hash.slice(1)
  return new URLSearchParams(hash).get('token') ?? decodeURIComponent(hash)
}
