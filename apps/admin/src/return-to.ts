/** An address inside the admin to go back to after signing in; anything else is forgotten. */
export function returnTo(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value) || /[\u0000-\u001f\\]/.test(value)) return undefined;
  return value.startsWith('/sign-in') ? undefined : value;
}
