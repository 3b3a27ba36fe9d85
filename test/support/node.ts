import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/**
 * What a process of ours needs beside what a test says: where programs are, and where Node.js keeps compiled code from
 * one process to the next, for most of a short process would be compiling. Source: nodejs.org/api/cli.html,
 * "NODE_COMPILE_CACHE=dir".
 */
export function nodeEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/plimsoll-tests'),
  };
}

/**
 * GitHub asks for a second between writes, and for three between those that notify people; the stand-in asks for nothing.
 * To be added to the environment of a process of ours.
 */
export const unpaced = { NODE_OPTIONS: `--import=${path.join(import.meta.dirname, 'github/unpaced.ts')}` };
