// Runs before the first paint, so that a dark dashboard never flashes white. A file, not inline, for a strict CSP.
;(function () {
  var stored = null
  try {
    stored = localStorage.getItem('nines-color-scheme')
  } catch {
    // Storage may be blocked; the system's preference then decides.
  }
  var dark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light')
})()
