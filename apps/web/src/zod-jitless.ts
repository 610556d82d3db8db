import { z } from 'zod'

// A strict content security policy forbids eval, which zod probes for when a schema is made. So this must be imported
// before anything that makes schemas.
z.config({ jitless: true })
