/** Looks everything up anew when somebody has administered. */
export function useAdministrationNews(): void {}
