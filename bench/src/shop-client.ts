import { Pool } from 'undici';

/** A client that costs little: what is measured is the server. */
export type Client = {
  /** Throws on any status but `expected`. */
  get(host: string, path: string, headers?: Record<string, string>): Promise<string>;
  post(
    host: string,
    path: string,
    body: string,
    headers: Record<string, string>,
  ): Promise<{ text: string; cookie: string }>;
  close(): Promise<void>;
};

export function clientOf(port: number, connections: number): Client {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1 });
  return {
    get: async (host, path, headers = {}) => {
      const { statusCode, body } = await pool.request({
        method: 'GET',
        path,
        headers: { host: `${host}:${port}`, 'sec-fetch-site': 'same-origin', ...headers },
      });
      const text = await body.text();
      if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text.slice(0, 300)}`);
      return text;
    },
    post: async (host, path, body, headers) => {
      const answer = await pool.request({
        method: 'POST',
        path,
        body,
        headers: { host: `${host}:${port}`, 'sec-fetch-site': 'same-origin', ...headers },
      });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      const set = answer.headers['set-cookie'];
      return { text, cookie: String(Array.isArray(set) ? set[0] : (set ?? '')).split(';')[0] ?? '' };
    },
    close: () => pool.close(),
  };
}
