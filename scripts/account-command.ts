import { takeFactorsBy } from '@souk/api/identity/lost-factors';
import { refusalOf } from '@souk/api/trpc/procedures';
import { openDatabase } from '@souk/db';
import { listOperators } from '@souk/db/identity';
import { LOST_FACTOR_REASONS, type LostFactorReason } from '@souk/domain/identity';
import { v7 } from 'uuid';
import { Stop, migrateInstallation, openInstallation, openServer } from './installation.ts';

const USAGE = `Say whose and why: npm run account -- lost-factor <e-mail> --reason ${LOST_FACTOR_REASONS.join('|')} [--as <e-mail of an operator>]`;

const isReason = (text: string | undefined): text is LostFactorReason =>
  LOST_FACTOR_REASONS.some((reason) => reason === text);

/**
 * `npm run account -- lost-factor <e-mail> --reason <why>`: lets whoever has lost phone and codes in again with their password
 * alone. It is done in the name of somebody who runs the installation, and stands in its log; also for themselves.
 */
export async function account(words: readonly string[]): Promise<number> {
  const [what, email, ...rest] = words;
  const wordAfter = (name: string): string | undefined =>
    rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined;
  const reason = wordAfter('--reason');
  if (what !== 'lost-factor' || email === undefined || !isReason(reason)) throw new Stop(USAGE);
  const opened = openInstallation();
  const server = await openServer(opened.environment.home);
  try {
    const { urls } = await migrateInstallation(server, opened);
    const database = openDatabase(urls);
    try {
      const operators = await listOperators(database);
      const as = wordAfter('--as');
      const by = operators.find((o) => (as === undefined ? operators.length === 1 : o.email === as.toLowerCase()));
      if (!by)
        throw new Stop(
          as === undefined
            ? `Several people run this installation. Say who you are: --as ${operators.map((o) => o.email).join(' or --as ')}`
            : `${as} does not run this installation.`,
        );
      const { name } = await takeFactorsBy(
        { database, newId: (at) => v7(at ? { msecs: at.getTime() } : undefined), now: () => new Date() },
        { email, reason },
        { adminId: by.adminId, requestId: v7(), from: 'command' },
      );
      process.stdout.write(
        `${name} signs in with the password alone now. Their sessions have ended, and a mail tells them as soon as Souk runs.\n`,
      );
      return 0;
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal) throw new Stop(refusal.message);
      throw error;
    } finally {
      await database.close();
    }
  } finally {
    await server.stop();
  }
}
