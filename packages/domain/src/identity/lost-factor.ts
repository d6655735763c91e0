/**
 * Why somebody's second factors were taken away by those who run the installation. A code and no words of one's own: the log is
 * never changed, and names nobody (G6).
 */
export const LOST_FACTOR_REASONS = ['lost_device', 'stolen_device', 'broken_device', 'other'] as const;
export type LostFactorReason = (typeof LOST_FACTOR_REASONS)[number];
