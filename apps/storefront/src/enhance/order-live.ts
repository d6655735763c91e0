const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 5000;

/**
 * Asks for news of an order until its page says there will be none; a change swaps `<main>` for that of the page fetched again.
 * `wake` takes over what moves in the new one, which is also how asking goes on.
 */
export function orderLive(element: HTMLElement, wake: (root: ParentNode) => void): void {
  const { statusUrl, version } = element.dataset;
  if (statusUrl === undefined || version === undefined) return;
  let pause = FIRST_PAUSE_MS;

  async function ask(url: string): Promise<void> {
    if (!element.isConnected) return;
    if (document.visibilityState === 'hidden') {
      pause = FIRST_PAUSE_MS;
      document.addEventListener('visibilitychange', () => void ask(url), { once: true });
      return;
    }
    const known = await versionAt(url);
    if (known !== undefined && known !== version && (await showNews(wake))) return;
    pause = Math.min(LONGEST_PAUSE_MS, pause * 1.4);
    setTimeout(() => void ask(url), pause);
  }

  setTimeout(() => void ask(statusUrl), pause);
}

/** The `version` of the answer, at its top or where tRPC puts it; undefined when there is no answer to go by. */
export function versionIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if ('version' in body && (typeof body.version === 'string' || typeof body.version === 'number'))
    return String(body.version);
  if ('result' in body) return versionIn(body.result);
  return 'data' in body ? versionIn(body.data) : undefined;
}

async function versionAt(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' } });
    return response.ok ? versionIn(await response.json()) : undefined;
  } catch {
    return undefined;
  }
}

async function showNews(wake: (root: ParentNode) => void): Promise<boolean> {
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } });
    const fetched = new DOMParser().parseFromString(await response.text(), 'text/html');
    const next = fetched.querySelector('main');
    const old = document.querySelector('main');
    if (!response.ok || !next || !old) return false;
    old.replaceWith(next);
    document.title = fetched.title;
    announce(next.querySelector('[data-status-words]')?.textContent ?? '');
    wake(next);
    return true;
  } catch {
    return false;
  }
}

/** The region stands in the layout from the start: one that appears together with its words is not read out. */
function announce(words: string): void {
  const region = document.querySelector('[data-announcements]');
  if (region) region.textContent = words;
}
