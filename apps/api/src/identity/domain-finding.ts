import { CHALLENGE_LABEL, type DomainName, type RecordSeen } from '@souk/domain/identity';
import { z } from 'zod';
import type { AddressAnswer, DomainLookup, TxtAnswer } from './domain-lookup.ts';

/** Name and value of the record that proves a claim. */
export const recordOf = (claim: { domainName: DomainName; challenge: string }): { name: string; value: string } => ({
  name: `${CHALLENGE_LABEL}.${claim.domainName}`,
  value: `souk-site-verification=${claim.challenge}`,
});

/** What a look found, as it is kept and shown: of what strangers wrote, a little of it and only what can be printed. */
export const findingOutput = z.strictObject({
  record: z.enum(['right', 'other', 'no_record', 'no_name', 'no_answer']),
  /** Values that stand there instead. */
  values: z.array(z.string()),
  pointing: z.enum(['records', 'no_record', 'no_name', 'no_answer']),
  addresses: z.array(z.string()),
  cname: z.string().optional(),
  /** The name is proved, and belongs to another site of this installation at this moment. */
  isTaken: z.boolean(),
});
export type DomainFinding = z.infer<typeof findingOutput>;

const MOST_VALUES = 5;
const MOST_CHARACTERS = 120;
const printable = (text: string): string => {
  const clean = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').trim();
  return clean.length > MOST_CHARACTERS ? `${clean.slice(0, MOST_CHARACTERS)}…` : clean;
};

/** Whether these records prove the claim. Spaces and quotes around the value are forgiven: some providers add them. */
const proves = (values: readonly string[], wanted: string): boolean =>
  values.some((value) => value.replace(/^["\s]+|["\s]+$/g, '') === wanted);

function findingOf(txt: TxtAnswer, wanted: string, pointing: AddressAnswer): DomainFinding {
  const leads = pointing.kind === 'records' ? pointing : undefined;
  const where = {
    pointing: pointing.kind,
    addresses: leads?.addresses.slice(0, MOST_VALUES).map(printable) ?? [],
    ...(leads?.cname ? { cname: printable(leads.cname) } : {}),
    isTaken: false,
  };
  if (txt.kind !== 'records') return { record: txt.kind, values: [], ...where };
  return proves(txt.values, wanted)
    ? { record: 'right', values: [], ...where }
    : { record: 'other', values: txt.values.slice(0, MOST_VALUES).map(printable), ...where };
}

export const seenOf = ({ record }: DomainFinding): RecordSeen =>
  record === 'right' ? 'present' : record === 'no_answer' ? 'unanswered' : 'absent';

/** Looks at the record of a claim, which alone proves it, and at where the name leads, which is only told. */
export async function lookAt(
  lookup: DomainLookup,
  claim: { domainName: DomainName; challenge: string },
): Promise<DomainFinding> {
  const { name, value } = recordOf(claim);
  const [txt, pointing] = await Promise.all([lookup.txt(name), lookup.addresses(claim.domainName)]);
  return findingOf(txt, value, pointing);
}
