import { type AccountMail, accountMailSent, findAccountMail } from '@souk/db/identity';
import { clockCity } from '@souk/domain/identity';
import { htmlText } from '../http/html-text.ts';
import { confirmEmailLink, resetLink } from '../identity/account-links.ts';
import type { Services } from '../services.ts';
import { ACCOUNT_MAIL_TEXTS, type AccountMailText } from './account-mail-texts.ts';
import type { Mail, Mailer } from './mailer.ts';

/** Sends a mail to whoever has an account, at least once; its id is the mail's, so that a second copy is known as one. */
export const accountMail =
  (services: Services, mailer: Mailer, from: string) =>
  async (mailId: string): Promise<void> => {
    const mail = await findAccountMail(services.database, mailId);
    if (!mail || mail.isSent) return;
    const to = mail.kind === 'email_change_new' ? mail.newEmail : mail.email;
    // A change that was dropped, or has been replaced, is nobody's news.
    if (to === undefined || (mail.kind === 'email_change_old' && mail.newEmail === undefined)) return;
    await mailer.send({
      messageId: `<${mailId}@souk>`,
      from: { name: 'Souk', address: from },
      to,
      ...compose(services, mail),
    });
    await accountMailSent(services.database, mailId, services.now());
  };

function linkOf(services: Services, { kind, aboutId }: AccountMail): string {
  if (kind === 'password_reset') return resetLink(services, aboutId);
  if (kind === 'email_change_old') return confirmEmailLink(services, aboutId, 'old');
  if (kind === 'email_change_new') return confirmEmailLink(services, aboutId, 'new');
  return new URL('/account', services.adminOrigin).href;
}

/** When something happened, in the place where it did as far as that is known. */
function momentOf({ createdAt, timeZone, language }: AccountMail): string {
  const zone = timeZone === '' ? 'UTC' : timeZone;
  const when = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: zone,
  }).format(createdAt);
  return `${when} (${zone})`;
}

function compose(services: Services, mail: AccountMail): Pick<Mail, 'subject' | 'text' | 'html'> {
  const texts = ACCOUNT_MAIL_TEXTS[mail.language];
  const t: AccountMailText = texts.mails[mail.kind];
  const city = clockCity(mail.timeZone);
  const facts = [
    mail.device === '' ? undefined : mail.device,
    [city === '' ? '' : texts.clock(city), mail.network].filter(Boolean).join(', ') || undefined,
    momentOf(mail),
  ].filter((fact) => fact !== undefined);
  const lines = [
    texts.hello(mail.name),
    t.lead({ newEmail: mail.newEmail ?? '', email: mail.email }),
    ...(t.tellsFacts ? facts : []),
  ];
  const link = linkOf(services, mail);
  return {
    subject: t.subject,
    text: [...lines, '', `${t.open}: ${link}`, '', t.end].join('\n'),
    html: `<!doctype html><meta charset="utf-8"><title>${htmlText(t.subject)}</title><body style="font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem"><h1 style="font-size:1.25rem">${htmlText(t.subject)}</h1>${lines.map((line) => `<p>${htmlText(line)}</p>`).join('')}<p><a href="${htmlText(link)}">${htmlText(t.open)}</a></p><p>${htmlText(t.end)}</p>`,
  };
}
