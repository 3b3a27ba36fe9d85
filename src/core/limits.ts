import { archiveLimits } from './limits/archive.ts';
import { feedLimits } from './limits/feed.ts';
import { fileLimits } from './limits/file.ts';
import { hostLimits } from './limits/host.ts';
import { imageLimits } from './limits/image.ts';
import { messageLimits } from './limits/message.ts';
import { proposalLimits } from './limits/proposal.ts';
import { registryLimits } from './limits/registry.ts';
import { reportLimits } from './limits/report.ts';
import { runLimits } from './limits/run.ts';
import { settingsLimits } from './limits/settings.ts';
import { signatureLimits } from './limits/signature.ts';
import { stateLimits } from './limits/state.ts';
import { treeLimits } from './limits/tree.ts';

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
  report: reportLimits,
  proposal: proposalLimits,
  message: messageLimits,
  state: stateLimits,
  run: runLimits,
};
