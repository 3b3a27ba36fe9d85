/** How a flag of Watchtower 1.7.1 is written, and what becomes of it here. */
export interface WatchtowerFlag {
  readonly short?: string;
  /** Without `WATCHTOWER_` in front: that is its own name in capitals. */
  readonly env?: string;
  readonly takes: 'switch' | 'value' | 'words' | 'addresses';
  /**
   * What is said when it is given: that it needs nothing here, or what differs. Absent: a part of the configuration is made of
   * it, and says so itself.
   */
  readonly says?: string;
}

const one = 'needs nothing here: workloads are moved one after the other, each watched before the next';
const nothing = 'needs nothing here';
const ownWords = 'is not there: messages are in words of their own, with what changed inside';

/**
 * Every flag (containrrr/watchtower, internal/flags). Variables are called as the flag is, but for those that are named. `words` are
 * split at spaces and commas, `addresses` at spaces alone: they have commas in them.
 */
export const watchtowerFlags: Readonly<Record<string, WatchtowerFlag>> = {
  host: { short: 'H', env: 'DOCKER_HOST', takes: 'value' },
  tlsverify: { short: 'v', env: 'DOCKER_TLS_VERIFY', takes: 'switch' },
  'api-version': {
    short: 'a',
    env: 'DOCKER_API_VERSION',
    takes: 'value',
    says: `${nothing}: the newest version that both speak is taken`,
  },
  interval: { short: 'i', env: 'WATCHTOWER_POLL_INTERVAL', takes: 'value' },
  schedule: { short: 's', takes: 'value' },
  'run-once': { short: 'R', takes: 'switch' },
  'stop-timeout': {
    short: 't',
    env: 'WATCHTOWER_TIMEOUT',
    takes: 'value',
    says: 'has no counterpart: a container is given the time to stop that it was made with (docker run --stop-timeout), else 10 s',
  },
  'no-pull': {
    takes: 'switch',
    says: 'has no counterpart: nothing is ever pulled to look, and a registry is asked what a tag names; what was built on that machine is a note',
  },
  'no-restart': { takes: 'switch', says: `${nothing}: nothing is started anew, as the mode of the engine stays watch` },
  'no-startup-message': { takes: 'switch', says: `${nothing}: there is no such message` },
  cleanup: { short: 'c', takes: 'switch' },
  'remove-volumes': {
    takes: 'switch',
    says: 'will never be there: volumes are not removed, since they are what cannot be had again',
  },
  'label-enable': { short: 'e', takes: 'switch' },
  'disable-containers': { short: 'x', takes: 'words' },
  'label-take-precedence': {
    takes: 'switch',
    says: 'has no counterpart: labels that lower what is done always count, and none raises it',
  },
  scope: { takes: 'value' },
  'monitor-only': { short: 'm', takes: 'switch' },
  'include-restarting': { takes: 'switch', says: `${nothing}: what restarts is looked at` },
  'include-stopped': { short: 'S', takes: 'switch' },
  'revive-stopped': { takes: 'switch', says: 'will never be there: what was stopped stays stopped' },
  'rolling-restart': { takes: 'switch', says: one },
  'enable-lifecycle-hooks': {
    env: 'WATCHTOWER_LIFECYCLE_HOOKS',
    takes: 'switch',
    says: 'will never be there: commands in labels are not run',
  },
  'http-api-update': {
    takes: 'switch',
    says: 'is a call of the API of "plimsoll serve" (docs/api.md), or a hook of the registry (docs/serve.md)',
  },
  'http-api-metrics': { takes: 'switch', says: 'is /metrics of "plimsoll serve"' },
  'http-api-token': { takes: 'value', says: 'is "auth" of "serve", with another token for each right (docs/serve.md)' },
  'http-api-periodic-polls': {
    takes: 'switch',
    says: `${nothing}: "plimsoll serve" runs by its schedule and when it is asked`,
  },
  'health-check': { takes: 'switch', says: nothing },
  porcelain: { short: 'P', takes: 'value', says: `${nothing}: "--format json" is for programs` },
  debug: { short: 'd', takes: 'switch', says: `is "--verbose"` },
  trace: { takes: 'switch', says: `is "--verbose", which never shows a credential` },
  'log-level': { takes: 'value', says: 'is "--verbose", or "--quiet"' },
  'log-format': { short: 'l', takes: 'value', says: 'is "plimsoll run --log json", or nothing' },
  'no-color': { env: 'NO_COLOR', takes: 'switch', says: `${nothing}: NO_COLOR is obeyed` },
  'warn-on-head-failure': {
    takes: 'value',
    says: `${nothing}: what cannot be asked is counted and named, and is never pulled instead`,
  },
  notifications: { short: 'n', takes: 'words' },
  'notification-url': { takes: 'addresses' },
  'notifications-level': {
    takes: 'value',
    says: 'has no counterpart: "only" of a channel chooses by class, severity, image and repository',
  },
  'notifications-delay': { takes: 'value', says: `${nothing}: a run sends one message per channel` },
  'notifications-hostname': { takes: 'value', says: 'is "name" of the engine in the configuration' },
  'notification-title-tag': { takes: 'value' },
  'notification-skip-title': { takes: 'switch', says: ownWords },
  'notification-template': { takes: 'value', says: ownWords },
  'notification-report': { takes: 'switch', says: ownWords },
  'notification-log-stdout': {
    takes: 'switch',
    says: 'is what "plimsoll run" without a channel does: it prints the news',
  },
  'notification-email-from': { takes: 'value' },
  'notification-email-to': { takes: 'value' },
  'notification-email-delay': { takes: 'value', says: `${nothing}: a run sends one message per channel` },
  'notification-email-server': { takes: 'value' },
  'notification-email-server-port': { takes: 'value' },
  'notification-email-server-tls-skip-verify': {
    takes: 'switch',
    says: 'will not be there: a mail server has to show a certificate that holds (NODE_EXTRA_CA_CERTS names an authority of your own)',
  },
  'notification-email-server-user': { takes: 'value' },
  'notification-email-server-password': { takes: 'value' },
  'notification-email-subjecttag': { takes: 'value' },
  'notification-slack-hook-url': { takes: 'value' },
  'notification-slack-identifier': { takes: 'value', says: 'is set in Slack, where the webhook is' },
  'notification-slack-channel': { takes: 'value', says: 'is set in Slack, where the webhook is' },
  'notification-slack-icon-emoji': { takes: 'value', says: 'is set in Slack, where the webhook is' },
  'notification-slack-icon-url': { takes: 'value', says: 'is set in Slack, where the webhook is' },
  'notification-msteams-hook': { env: 'WATCHTOWER_NOTIFICATION_MSTEAMS_HOOK_URL', takes: 'value' },
  'notification-msteams-data': { env: 'WATCHTOWER_NOTIFICATION_MSTEAMS_USE_LOG_DATA', takes: 'switch', says: ownWords },
  'notification-gotify-url': { takes: 'value' },
  'notification-gotify-token': { takes: 'value' },
  'notification-gotify-tls-skip-verify': { takes: 'switch', says: 'has no counterpart' },
};

/** The variable by which a flag can be given. */
export function variableOf(flag: string): string {
  return watchtowerFlags[flag]?.env ?? `WATCHTOWER_${flag.toUpperCase().replaceAll('-', '_')}`;
}
