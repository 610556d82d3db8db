import path from 'node:path'

/** The folder of this checkout; scripts and sources are found from here, whatever the working directory. */
export const checkoutRoot = path.resolve(import.meta.dirname, '../../..')

/** Absolute path of a file in the checkout. */
export const inCheckout = (...parts: string[]) => path.join(checkoutRoot, ...parts)
