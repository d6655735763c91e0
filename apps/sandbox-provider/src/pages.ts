import { type Books, type Delivery, type Entry, type Notice, type Session, statusOf } from './books.ts';
import { html, type Html } from './html.ts';
import { isAccepted } from './notices.ts';

export type Page = { readonly title: string; readonly body: Html };

export const document = ({ title, body }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header class="band">Sandbox payments · no money moves</header>
        ${body}
      </body>
    </html>`.markup;

const money = (amount: string, currency: string): string => {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).format(Number(amount));
  } catch {
    return `${amount} ${currency}`;
  }
};

/** The hosted page of an open session: one form, so that the options hold for whatever button is pressed. */
export function payPage(session: Session): Page {
  const total = money(session.amount, session.currency);
  const body = html`<main class="checkout">
    <header class="due">
      <p class="quiet">${session.description}</p>
      <h1>${total}</h1>
      <p class="quiet">Reference <span class="code">${session.reference}</span></p>
    </header>
    <form method="post" action="/pay/${session.id}">
      <button class="primary" name="action" value="pay">Pay now</button>
      <div class="choices">
        <button name="action" value="decline" aria-describedby="decline-help">Decline</button>
        <button name="action" value="later" aria-describedby="later-help">Pay later</button>
        <button name="action" value="leave" aria-describedby="leave-help">Close the window</button>
      </div>
      <ul class="help">
        <li id="decline-help"><b>Decline</b>: the bank says no, and the shop is told.</li>
        <li id="later-help"><b>Pay later</b>: pending now, paid a moment later.</li>
        <li id="leave-help"><b>Close the window</b>: back to the shop, which hears nothing.</li>
      </ul>
      <fieldset>
        <legend>How the shop is told</legend>
        <label class="check"><input type="checkbox" name="twice" /> Deliver the notice twice</label>
        <label class="check"><input type="checkbox" name="late" /> Deliver it late (10 s)</label>
      </fieldset>
      <details>
        <summary>Unusual payments</summary>
        <div class="fields">
          <label
            >Amount paid
            <input
              name="amount"
              inputmode="decimal"
              pattern="[0-9]{1,12}([.][0-9]{1,4})?"
              value="${session.amount}"
              required
          /></label>
          <label
            >Currency <input name="currency" pattern="[A-Z]{3}" maxlength="3" value="${session.currency}" required
          /></label>
          <label
            >Wait of “Pay later”, in seconds
            <input name="delaySeconds" type="number" min="0" max="86400" value="5" required
          /></label>
        </div>
        <button name="action" value="authorise" aria-describedby="authorise-help">Authorise only</button>
        <p class="quiet" id="authorise-help">
          The amount is held; it is captured or released on the <a href="/">books</a> page.
        </p>
      </details>
    </form>
  </main>`;
  return { title: `Pay ${total}`, body };
}

const SAID = {
  open: 'Waiting for payment',
  paid: 'Paid',
  declined: 'Declined',
  authorised: 'Authorised',
  pending: 'Pending',
  expired: 'Expired',
} as const;

export function closedPage(session: Session, now: Date): Page {
  const status = statusOf(session, now);
  const back = status === 'expired' ? session.cancelUrl : session.returnUrl;
  const body = html`<main class="checkout">
    <header class="due">
      <p class="quiet">${session.description}</p>
      <h1>${money(session.amount, session.currency)}</h1>
    </header>
    <p class="outcome">${badge(status)}</p>
    <p><a class="button" href="${back}">Back to the shop</a></p>
  </main>`;
  return { title: SAID[status], body };
}

export function messagePage(title: string, text: string): Page {
  const body = html`<main class="checkout">
    <h1>${title}</h1>
    <p>${text}</p>
  </main>`;
  return { title, body };
}

const badge = (status: keyof typeof SAID): Html => html`<span class="badge ${status}">${SAID[status]}</span>`;

const time = (at: string): Html => html`<time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)} UTC</time>`;

/** Everything the provider knows, newest first, with what a person may do about it. */
export function booksPage({ sessions, notices }: Books, now: Date): Page {
  const newest = sessions.toReversed();
  const list =
    newest.length === 0
      ? html`<p class="quiet">No checkout yet. Pay for something in a shop, and it appears here.</p>`
      : newest.map((session) => sessionCard(session, notices, now));
  const body = html`<main class="books">
    <header class="top">
      <h1>Books</h1>
      <a class="button" href="/">Refresh</a>
    </header>
    ${list}
  </main>`;
  return { title: 'Books · sandbox payments', body };
}

function sessionCard(session: Session, notices: readonly Notice[], now: Date): Html {
  const status = statusOf(session, now);
  const own = notices.filter(({ sessionId }) => sessionId === session.id);
  const act = (action: string, word: string): Html =>
    html`<form method="post" action="/sessions/${session.id}/${action}"><button>${word}</button></form>`;
  const actions: readonly Html[] =
    status === 'pending'
      ? [act('capture', 'Capture now'), act('fail', 'Let it fail')]
      : status === 'authorised'
        ? [act('capture', 'Capture'), act('void', 'Release')]
        : [];
  return html`<article aria-labelledby="${session.id}">
    <header>
      <h2 id="${session.id}">${money(session.amount, session.currency)}</h2>
      ${badge(status)}
      <p class="quiet">${session.description} · ${time(session.createdAt)}</p>
      <p class="quiet code">${session.reference} · ${session.id}</p>
      <div class="actions">
        ${status === 'open' ? [html`<a class="button" href="/pay/${session.id}">Open</a>`] : actions}
      </div>
    </header>
    ${session.entries.length === 0 ? '' : entryTable(session.entries)} ${own.map(noticeRow)}
  </article>`;
}

const entryTable = (entries: readonly Entry[]): Html =>
  html`<table>
    <caption>
      Entries
    </caption>
    <thead>
      <tr>
        <th scope="col">What</th>
        <th scope="col" class="number">Amount</th>
        <th scope="col">When</th>
      </tr>
    </thead>
    <tbody>
      ${entries.map(
        ({ kind, amount, currency, at }) =>
          html`<tr>
            <td>${kind}</td>
            <td class="number">${money(amount, currency)}</td>
            <td>${time(at)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const noticeRow = ({ id, type, deliveries }: Notice): Html =>
  html`<div class="notice">
    <div>
      <p><b>${type}</b> <span class="quiet code">${id}</span></p>
      <ol>
        ${deliveryLines(deliveries)}
      </ol>
    </div>
    <form method="post" action="/notices/${id}/resend"><button>Resend</button></form>
  </div>`;

/** Every attempt and every sending still due, in the order of time. */
function deliveryLines(deliveries: readonly Delivery[]): readonly Html[] {
  const lines = deliveries.flatMap(({ dueAt, attempts }) =>
    attempts.length === 0
      ? [{ at: dueAt, text: html`due ${time(dueAt)}` }]
      : attempts.map((attempt) => {
          const outcome = isAccepted(attempt) ? 'accepted' : 'not accepted';
          const why = attempt.error ?? attempt.status ?? '';
          return { at: attempt.at, text: html`${time(attempt.at)} · ${outcome} (${why})` };
        }),
  );
  return lines.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).map(({ text }) => html`<li>${text}</li>`);
}
