/** What an alert is about, short: "Checkout: Availability"; the SLO alone where its name says the service already. */
export function alertTitle(serviceName: string, sloName: string): string {
  return sloName === serviceName || sloName.startsWith(`${serviceName} `) ? sloName : `${serviceName}: ${sloName}`
}
