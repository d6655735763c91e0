/** The secret of a link. It stands behind the `#`: it is sent to no server with the address, and stands in no log. */
export const tokenOf = (hash: string): string => hash.replace(/^#/, '').slice(0, 100);
