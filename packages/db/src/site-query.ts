import pg from 'pg';

type Connection = {
  parse(statement: { name: string; text: string; types: readonly number[] }): void;
  bind(portal: { portal: string; statement: string; values: unknown[] }): void;
  execute(portal: { portal: string; rows: number }): void;
  describe(portal: unknown): void;
};
type RowDescription = { readonly fields: readonly unknown[] };

const SET_SITE = 'set_site';
/** What one connection knows already. */
type Known = {
  /** The statement that sets the site has been prepared. */
  sitePrepared: boolean;
  /**
   * How the rows of each prepared statement look. The server is asked once: were the tables changed under a statement, it
   * refuses to run it ("cached plan must not change result type").
   */
  readonly rowsOf: Map<string, RowDescription>;
  /** The same connection, for a statement whose rows are known: it asks nothing about them. */
  readonly withoutAsking: Connection;
};
const knownBy = new WeakMap<Connection, Known>();

function knowledgeOf(connection: Connection): Known {
  let known = knownBy.get(connection);
  if (!known) {
    const withoutAsking = Object.create(connection, { describe: { value: () => undefined } }) as Connection;
    known = { sitePrepared: false, rowsOf: new Map(), withoutAsking };
    knownBy.set(connection, known);
  }
  return known;
}

// The parts of pg's query object that this class stands on; pg does not type them.
type Inner = {
  prepare(connection: Connection): void;
  handleRowDescription(message: RowDescription): void;
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
  #name: string;
  #known: Known | undefined;
  #settingSite = true;

  constructor(
    site: string,
    config: pg.QueryConfig & { name: string },
    done: (error: Error | null, result: pg.QueryResult) => void,
  ) {
    super(config, undefined, done);
    this.#site = site;
    this.#name = config.name;
  }

  override prepare(connection: Connection): void {
    const known = (this.#known = knowledgeOf(connection));
    if (!known.sitePrepared) {
      connection.parse({ name: SET_SITE, text: "select set_config('app.site_id', $1, true)", types: [25] });
    }
    connection.bind({ portal: '', statement: SET_SITE, values: [this.#site] });
    connection.execute({ portal: '', rows: 0 });
    const rows = known.rowsOf.get(this.#name);
    if (rows) super.handleRowDescription(rows);
    super.prepare(rows ? known.withoutAsking : connection);
  }

  override handleRowDescription(message: RowDescription): void {
    this.#known?.rowsOf.set(this.#name, message);
    super.handleRowDescription(message);
  }

  override handleDataRow(message: unknown): void {
    if (!this.#settingSite) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#settingSite) {
      this.#settingSite = false;
      if (this.#known) this.#known.sitePrepared = true;
      return;
    }
    super.handleCommandComplete(message, connection);
  }
}
