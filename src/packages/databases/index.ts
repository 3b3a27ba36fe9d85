/*
 * src/packages/databases/
 *
 * Every kind of database of installed packages: one file and one line below for each; ../package-database.ts has the
 * interface. A reader is pure, works in steps, never throws, and says so when packages may be missing. rpm/ has the
 * forms in which rpm keeps its headers.
 * How to add one: docs/adding-a-package-database.md. Begin with dpkg.ts, the plainest.
 */

import type { PackageDatabase } from '../package-database.ts';
import { apk } from './apk.ts';
import { chisel } from './chisel.ts';
import { dpkg } from './dpkg.ts';
import { pacman } from './pacman.ts';
import { rpm } from './rpm.ts';
import { rpmManifest } from './rpm-manifest.ts';
import { statusD } from './status-d.ts';

/** Every kind of package database. A new one is one file beside this and one line here. */
export const databases: readonly PackageDatabase[] = [dpkg, statusD, apk, rpm, rpmManifest, chisel, pacman];
