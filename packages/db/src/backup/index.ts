export { type BackupFound, listBackups, pruneBackups } from './backup-folder.ts';
export { makeBackup } from './make-backup.ts';
export { type Manifest, WrongBackup, readManifest } from './manifest.ts';
export { proveBackup } from './prove-backup.ts';
export { releaseRestored, restoreBackup } from './restore-backup.ts';
export { backupIdentity } from './sealed-file.ts';
