import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export type Mail = {
  readonly messageId: string;
  readonly from: { readonly name: string; readonly address: string };
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
};

/** What is made when it is first needed. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

export type Mailer = { send(mail: Mail): Promise<void> };

/** Sends through a mail server. Header fields are encoded by nodemailer; none is put together from text here (H13). */
export function smtpMailer(smtpUrl: string): Mailer {
  const open = once(async () => (await import('nodemailer')).createTransport(smtpUrl));
  return {
    send: async ({ messageId, from, to, subject, text, html }) => {
      await (
        await open()
      ).sendMail({
        messageId,
        from,
        to,
        subject,
        text,
        html,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
    },
  };
}

/** The development mailbox: each mail is a file, named by its id so that the same mail twice is one file. */
export function mailboxMailer(home: string): Mailer {
  const open = once(async () => (await import('nodemailer')).createTransport({ streamTransport: true, buffer: true }));
  const folder = join(home, 'mail');
  return {
    send: async ({ messageId, from, to, subject, text, html }) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const transport = await open();
      const sent = await transport.sendMail({ messageId, from, to, subject, text, html });
      const name = messageId.replace(/[^a-zA-Z0-9-]/g, '_');
      const bytes = sent.message as Buffer;
      await writeFile(join(folder, `${name}.part`), bytes, { mode: 0o600 });
      await writeFile(
        join(folder, `${name}.json.part`),
        JSON.stringify({ to, subject, text, html, at: new Date().toISOString() }),
        { mode: 0o600 },
      );
      await rename(join(folder, `${name}.json.part`), join(folder, `${name}.json`));
      await rename(join(folder, `${name}.part`), join(folder, `${name}.eml`));
    },
  };
}
