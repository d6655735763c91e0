/** How long somebody stays signed in, and how long a proof of who they are holds. */
export const SESSION_LIMITS = {
  /** A session ends so long after it began, whatever happens. */
  absoluteHours: 14 * 24,
  /** It ends when it lies unused for so long. */
  idleHours: 24,
  /** Its use is noted at most this often. */
  noteEveryMinutes: 5,
  /** Whoever proved who they are may do what is dangerous for so long (I7). */
  proofMinutes: 10,
  /** What is known of a session is forgotten so long after its end. */
  forgetAfterDays: 30,
} as const;
