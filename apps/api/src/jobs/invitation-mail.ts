import { withSite } from '@souk/db';
import { findInvitation, findSiteById, getConfiguration, listTeam } from '@souk/db/identity';
import { emailProgress } from '@souk/db/integrations';
import { htmlText } from '../http/html-text.ts';
import { invitationLink } from '../identity/invitation-link.ts';
import type { Services } from '../services.ts';
import type { Mail, Mailer } from './mailer.ts';
import type { JobData } from './relay.ts';
import { sendNoted } from './send-noted.ts';

/**
 * Sends an invitation, at least once, with the link of its newest sending; the event's id is the mail's id. One that was
 * accepted or taken back meanwhile is not sent.
 */
export const invitationMail =
  (services: Services, mailer: Mailer, from: string) =>
  async ({ siteId, eventId, entityId }: JobData, isLastTry = false): Promise<void> => {
    const { database } = services;
    const site = await findSiteById(database, siteId);
    const found = await withSite(database, siteId, async (tx) => {
      const invitation = await findInvitation(tx, entityId);
      return (
        invitation && { invitation, config: await getConfiguration(tx), progress: await emailProgress(tx, eventId) }
      );
    });
    if (!site || !found || found.progress.status === 'accepted') return;
    const { invitation, config, progress } = found;
    const inviter = (await listTeam(database, siteId)).find((member) => member.adminId === invitation.invitedBy);
    // Whoever has left invites nobody.
    if (!inviter) return;
    const mail = compose({
      locale: config.locale,
      siteName: site.name,
      inviter: inviter.name,
      link: invitationLink(services, invitation.invitationId, invitation.sending),
      messageId: `<${eventId}@souk>`,
      from,
      to: invitation.email,
    });
    const about = {
      siteId,
      dispatchId: eventId,
      emailType: 'invitation' as const,
      orderId: undefined,
      // The invitation stands for a person of whom nothing else is known here.
      personId: invitation.invitationId,
      n: progress.n,
    };
    await sendNoted(services, mailer, about, mail, isLastTry);
  };

const TEXTS = {
  en: {
    subject: (site: string) => `You are invited to work on ${site}`,
    lead: (inviter: string, site: string) => `${inviter} invites you to work on ${site} with them.`,
    open: 'Look at the invitation',
    end: 'The link is good for seven days and works once. If you do not know what this is about, leave it be.',
  },
  de: {
    subject: (site: string) => `Sie sind eingeladen, an ${site} mitzuarbeiten`,
    lead: (inviter: string, site: string) => `${inviter} lädt Sie ein, an ${site} mitzuarbeiten.`,
    open: 'Einladung ansehen',
    end: 'Der Link gilt sieben Tage und einmal. Wissen Sie nicht, worum es geht, brauchen Sie nichts zu tun.',
  },
} as const;

function compose(m: {
  locale: string;
  siteName: string;
  inviter: string;
  link: string;
  messageId: string;
  from: string;
  to: string;
}): Mail {
  const t = m.locale.startsWith('de') ? TEXTS.de : TEXTS.en;
  const subject = t.subject(m.siteName);
  const lead = t.lead(m.inviter, m.siteName);
  return {
    messageId: m.messageId,
    from: { name: m.siteName.replace(/[\r\n"<>]/g, ' '), address: m.from },
    to: m.to,
    subject,
    text: [lead, '', `${t.open}: ${m.link}`, '', t.end].join('\n'),
    html: `<!doctype html><meta charset="utf-8"><title>${htmlText(subject)}</title><body style="font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem"><h1 style="font-size:1.25rem">${htmlText(subject)}</h1><p>${htmlText(lead)}</p><p><a href="${htmlText(m.link)}">${htmlText(t.open)}</a></p><p>${htmlText(t.end)}</p>`,
  };
}
