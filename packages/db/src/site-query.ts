import pg from 'pg';

type Connection = {
  parse(statement: { name: string; text: string; types: readonly number[] }): void;
  bind(portal: { portal: string; statement: string; values: unknown[] }): void;
  execute(portal: { portal: string; rows: number }): void;
};

const SET_SITE = 'set_site';
/** Connections on which the statement that sets the site has been prepared. */
const prepared = new WeakSet<object>();

// The parts of pg's query object that this class stands on; pg does not type them.
type Inner = {
  prepare(connection: Connection): void;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Connection): void;
  handleError(error: Error, connection: Connection): void;
};
const Query = pg.Query as unknown as new (
  config: pg.QueryConfig,
  values: unknown,
  done: (error: Error | null, result: pg.QueryResult) => void,
) => Inner;

/**
 * One prepared select with its site, in one batch of the extended protocol with one Sync: one implicit transaction, one
 * round trip. The setting is local to that transaction, so it cannot outlive the batch; an error while setting it skips
 * the select.
 */
export class SiteQuery extends Query {
  #site: string;
  #settingSite = true;

  constructor(site: string, config: pg.QueryConfig, done: (error: Error | null, result: pg.QueryResult) => void) {
    super(config, undefined, done);
    this.#site = site;
  }

  override prepare(connection: Connection): void {
    if (!prepared.has(connection)) {
      connection.parse({ name: SET_SITE, text: "select set_config('app.site_id', $1, true)", types: [25] });
    }
    connection.bind({ portal: '', statement: SET_SITE, values: [this.#site] });
    connection.execute({ portal: '', rows: 0 });
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (!this.#settingSite) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#settingSite) {
      this.#settingSite = false;
      prepared.add(connection);
      return;
    }
    super.handleCommandComplete(message, connection);
  }
}
