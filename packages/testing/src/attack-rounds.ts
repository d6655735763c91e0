/** `SOUK_ATTACK_ROUNDS=long` makes the attacks as long as the programme asks for; without it they are short enough for every `npm test`. */
export const LONG_ATTACKS = process.env.SOUK_ATTACK_ROUNDS === 'long';

/** How often to try: the first number in every `npm test`, the second in the long form. */
export const rounds = (short: number, long: number): number => (LONG_ATTACKS ? long : short);
