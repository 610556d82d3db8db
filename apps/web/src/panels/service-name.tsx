/** A service with its colour; the name says which it is. */
export function ServiceName({ name, colour }: { name: string; colour: string | undefined }) {
  return (
    <span className="service-name">
      <i style={{ background: colour ?? 'var(--ink-3)' }} aria-hidden />
      <span>{name}</span>
    </span>
  )
}
