import { domainToUnicode } from 'node:url';
import { withSite } from '@souk/db';
import {
  type DomainMapping,
  findMapping,
  findSiteById,
  getConfiguration,
  listRoles,
  listTeam,
} from '@souk/db/identity';
import { emailProgress } from '@souk/db/integrations';
import { v5 } from 'uuid';
import { htmlText } from '../http/html-text.ts';
import { recordOf } from '../identity/domain-finding.ts';
import type { Services } from '../services.ts';
import type { Mail, Mailer } from './mailer.ts';
import type { JobData } from './relay.ts';
import { sendNoted } from './send-noted.ts';

/**
 * Tells every owner of a site that the record of one of its domains has vanished, or that the domain is let go, at least
 * once each. Where that is over meanwhile, nothing is sent.
 */
export const domainMail =
  (services: Services, mailer: Mailer, from: string) =>
  async ({ siteId, eventId, entityId, kind }: JobData, isLastTry = false): Promise<void> => {
    const { database } = services;
    const site = await findSiteById(database, siteId);
    const { mapping, config, roles } = await withSite(database, siteId, async (tx) => ({
      mapping: await findMapping(tx, entityId),
      config: await getConfiguration(tx),
      roles: await listRoles(tx),
    }));
    const wanted = kind === 'domain.lost' ? 'grace' : 'released';
    if (!site || mapping?.status !== wanted) return;
    const ownerRole = roles.find((role) => role.isOwner)?.roleId;
    const owners = (await listTeam(database, siteId)).filter((member) => member.roleId === ownerRole);
    for (const owner of owners) {
      // One event, a mail to each: the id of a mail is made of both, so that a second try finds what the first has sent.
      const dispatchId = v5(owner.adminId, eventId);
      const progress = await withSite(database, siteId, (tx) => emailProgress(tx, dispatchId));
      if (progress.status === 'accepted') continue;
      const mail = compose({
        locale: config.locale,
        timeZone: config.timeZone,
        siteName: site.name,
        mapping,
        link: new URL(`/s/${site.handle}/domains`, services.adminOrigin).href,
        messageId: `<${dispatchId}@souk>`,
        from,
        to: owner.email,
      });
      const about = {
        siteId,
        dispatchId,
        emailType: wanted === 'grace' ? ('domain_lost' as const) : ('domain_released' as const),
        orderId: undefined,
        personId: owner.adminId,
        n: progress.n,
      };
      await sendNoted(services, mailer, about, mail, isLastTry);
    }
  };

const TEXTS = {
  en: {
    lost: {
      subject: (domain: string) => `${domain}: its record has vanished`,
      lead: (domain: string, site: string, until: string) =>
        `The record that shows ${domain} to be yours is not there any more. ${site} is still served there until ${until}.`,
      todo: 'Set this record again where you registered the domain; then everything stays as it is:',
      end: 'If you have given the domain up, you need not do anything.',
    },
    released: {
      subject: (domain: string) => `${domain} does not lead to your shop any more`,
      lead: (domain: string, site: string) =>
        `The record that shows ${domain} to be yours has been away for three days. ${site} is not served there any more.`,
      todo: '',
      end: 'If the domain is still yours, add it again: you get a new record to set.',
    },
    open: 'Look at your domains',
  },
  de: {
    lost: {
      subject: (domain: string) => `${domain}: der Eintrag ist verschwunden`,
      lead: (domain: string, site: string, until: string) =>
        `Der Eintrag, der zeigt, dass ${domain} Ihnen gehört, ist nicht mehr da. ${site} ist dort noch bis ${until} erreichbar.`,
      todo: 'Setzen Sie diesen Eintrag wieder dort, wo Sie die Domain registriert haben; dann bleibt alles, wie es ist:',
      end: 'Haben Sie die Domain aufgegeben, brauchen Sie nichts zu tun.',
    },
    released: {
      subject: (domain: string) => `${domain} führt nicht mehr zu Ihrem Shop`,
      lead: (domain: string, site: string) =>
        `Der Eintrag, der zeigt, dass ${domain} Ihnen gehört, fehlt seit drei Tagen. ${site} ist dort nicht mehr erreichbar.`,
      todo: '',
      end: 'Gehört die Domain noch Ihnen, fügen Sie sie noch einmal hinzu: Sie bekommen einen neuen Eintrag.',
    },
    open: 'Domains ansehen',
  },
} as const;

function compose(m: {
  locale: string;
  timeZone: string;
  siteName: string;
  mapping: DomainMapping;
  link: string;
  messageId: string;
  from: string;
  to: string;
}): Mail {
  const { mapping } = m;
  const all = m.locale.startsWith('de') ? TEXTS.de : TEXTS.en;
  const t = mapping.status === 'grace' ? all.lost : all.released;
  const domain = domainToUnicode(mapping.domainName) || mapping.domainName;
  const until = new Intl.DateTimeFormat(m.locale, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: m.timeZone,
  }).format(mapping.graceEndsAt ?? mapping.updatedAt);
  const record =
    mapping.status === 'grace' && mapping.challenge
      ? recordOf({ domainName: mapping.domainName, challenge: mapping.challenge })
      : undefined;
  const subject = t.subject(domain);
  const lead = t.lead(domain, m.siteName, until);
  const line = record && `${record.name}  TXT  ${record.value}`;
  return {
    messageId: m.messageId,
    from: { name: m.siteName.replace(/[\r\n"<>]/g, ' '), address: m.from },
    to: m.to,
    subject,
    text: [lead, '', ...(line ? [t.todo, '', line, ''] : []), t.end, '', `${all.open}: ${m.link}`].join('\n'),
    html: `<!doctype html><meta charset="utf-8"><title>${htmlText(subject)}</title><body style="font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem"><h1 style="font-size:1.25rem">${htmlText(subject)}</h1><p>${htmlText(lead)}</p>${line ? `<p>${htmlText(t.todo)}</p><p><code>${htmlText(line)}</code></p>` : ''}<p>${htmlText(t.end)}</p><p><a href="${htmlText(m.link)}">${htmlText(all.open)}</a></p>`,
  };
}
