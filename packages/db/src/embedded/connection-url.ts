/** Who connects to which database. `password` is left out of the address when there is none. */
export type Login = { readonly user: string; readonly password?: string; readonly database: string };

/**
 * The address of a server behind a Unix socket. The socket folder stands percent-encoded in the place of the host, the one
 * form that libpq, `pg` and MikroORM's `clientUrl` all read; `user@/database?host=` is no URL for the last.
 */
export function connectionUrl(socketFolder: string, port: number, { user, password, database }: Login): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const host = encodeURIComponent(socketFolder);
  return `postgresql://${encodeURIComponent(user)}${secret}@${host}:${port}/${encodeURIComponent(database)}`;
}
