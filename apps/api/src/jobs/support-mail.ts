import { withSite } from '@souk/db';
import { type SupportAccess, findSiteById, getConfiguration, listOpenSupport } from '@souk/db/identity';
import { emailProgress } from '@souk/db/integrations';
import { htmlText } from '../http/html-text.ts';
import type { Services } from '../services.ts';
import type { Mail, Mailer } from './mailer.ts';
import type { JobData } from './relay.ts';
import { sendNoted } from './send-noted.ts';

/** Tells whoever was let into a site as support, at least once, why, and until when. An access that is over meanwhile is nobody's news. */
export const supportMail =
  (services: Services, mailer: Mailer, from: string) =>
  async ({ siteId, eventId, entityId }: JobData, isLastTry = false): Promise<void> => {
    const { database } = services;
    const [site, open, { config, progress }] = await Promise.all([
      findSiteById(database, siteId),
      listOpenSupport(database, siteId, services.now()),
      withSite(database, siteId, async (tx) => {
        const [settings, sent] = await Promise.all([getConfiguration(tx), emailProgress(tx, eventId)]);
        return { config: settings, progress: sent };
      }),
    ]);
    const access = open.find((one) => one.supportId === entityId);
    if (!site || !access || progress.status === 'accepted') return;
    const mail = compose({
      access,
      siteName: site.name,
      timeZone: config.timeZone,
      link: new URL(`/s/${site.handle}`, services.adminOrigin).href,
      messageId: `<${eventId}@souk>`,
      from,
    });
    const about = {
      siteId,
      dispatchId: eventId,
      emailType: 'support_opened' as const,
      orderId: undefined,
      personId: access.supporterId,
      n: progress.n,
    };
    await sendNoted(services, mailer, about, mail, isLastTry);
  };

const TEXTS = {
  en: {
    subject: (site: string) => `You are let into ${site} as support`,
    lead: (opener: string, site: string, until: string) =>
      `${opener} lets you into ${site} until ${until}. After that it is closed by itself.`,
    reason: 'They write',
    open: 'Open the site',
    end: 'Everybody who works there sees that you are in, and what you do stands in the site’s log as done by support. When you are done, leave: open the menu of your account there.',
  },
  de: {
    subject: (site: string) => `Sie haben als Support Zugang zu ${site}`,
    lead: (opener: string, site: string, until: string) =>
      `${opener} gibt Ihnen bis ${until} Zugang zu ${site}. Danach endet er von selbst.`,
    reason: 'Die Nachricht dazu',
    open: 'Site öffnen',
    end: 'Alle, die dort arbeiten, sehen, dass Sie Zugang haben; was Sie tun, steht im Protokoll der Site als Support. Sind Sie fertig, verlassen Sie die Site über das Menü Ihres Kontos.',
  },
} as const;

function compose(m: {
  access: SupportAccess;
  siteName: string;
  timeZone: string;
  link: string;
  messageId: string;
  from: string;
}): Mail {
  const { access } = m;
  const language = access.language === 'de' ? 'de' : 'en';
  const t = TEXTS[language];
  const until = new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: m.timeZone,
  }).format(access.until);
  const subject = t.subject(m.siteName);
  const lead = t.lead(access.openedBy, m.siteName, until);
  const said = `${t.reason}: “${access.reason}”`;
  return {
    messageId: m.messageId,
    from: { name: m.siteName.replace(/[\r\n"<>]/g, ' '), address: m.from },
    to: access.email,
    subject,
    text: [lead, '', said, '', `${t.open}: ${m.link}`, '', t.end].join('\n'),
    html: `<!doctype html><meta charset="utf-8"><title>${htmlText(subject)}</title><body style="font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem"><h1 style="font-size:1.25rem">${htmlText(subject)}</h1><p>${htmlText(lead)}</p><p>${htmlText(said)}</p><p><a href="${htmlText(m.link)}">${htmlText(t.open)}</a></p><p>${htmlText(t.end)}</p>`,
  };
}
