import type { PackageDatabase } from '../database.ts';
import { apk } from './apk.ts';
import { dpkg } from './dpkg.ts';
import { statusD } from './status-d.ts';
import { unreadDatabases } from './unread.ts';

/** Every kind of package database. A new one is one file beside this and one line here. */
export const databases: readonly PackageDatabase[] = [dpkg, statusD, apk, ...unreadDatabases];
