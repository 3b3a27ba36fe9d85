/*
 * src/core/limits/
 *
 * Every bound on what comes from outside and on waits, as data: how much, of what, why, and what is read beyond it. One
 * file per what it holds for (image, file, tree, host, registry, archive, feed, engine, signature, message, report, proposal,
 * state, run, workers, settings); limit.ts has their shape, this file joins them. docs/limits.md is made of it by the build, and
 * a test keeps numbers of this kind out of every other folder.
 * Begin with limit.ts, then the group that is wanted.
 */

import { archiveLimits } from './archive-limits.ts';
import { engineLimits } from './engine-limits.ts';
import { feedLimits } from './feed-limits.ts';
import { fileLimits } from './file-limits.ts';
import { hostLimits } from './host-limits.ts';
import { imageLimits } from './image-limits.ts';
import { messageLimits } from './message-limits.ts';
import { proposalLimits } from './proposal-limits.ts';
import { registryLimits } from './registry-limits.ts';
import { reportLimits } from './report-limits.ts';
import { runLimits } from './run-limits.ts';
import { serveLimits } from './serve-limits.ts';
import { settingsLimits } from './settings-limits.ts';
import { signatureLimits } from './signature-limits.ts';
import { stateLimits } from './state-limits.ts';
import { treeLimits } from './tree-limits.ts';
import { workerLimits } from './worker-limits.ts';

/**
 * Every bound on content from outside and on waits, by what it holds for. Code takes its numbers from here and has none of
 * its own; docs/limits.md is made of it. Not here: what a format or a service prescribes, what a configuration sets, and
 * how much work is done at once.
 */
export const limits = {
  file: fileLimits,
  tree: treeLimits,
  image: imageLimits,
  settings: settingsLimits,
  registry: registryLimits,
  host: hostLimits,
  archive: archiveLimits,
  signature: signatureLimits,
  feed: feedLimits,
  engine: engineLimits,
  report: reportLimits,
  proposal: proposalLimits,
  message: messageLimits,
  state: stateLimits,
  run: runLimits,
  serve: serveLimits,
  worker: workerLimits,
};
