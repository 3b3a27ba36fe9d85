/**
 * What a daemon says when it refuses a change may quote a command, a mount or an option of the container, so its sentences go nowhere: what
 * it means is said in words of our own.
 */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, 'no space is left on its disk'],
  [/manifest unknown|manifest for .* not found|not found: manifest/i, 'the registry does not have that digest'],
  [/toomanyrequests|too many requests|rate limit/i, 'the registry lets no more be pulled for now'],
  [/unauthorized|authentication required|denied|no basic auth/i, 'the registry refused it'],
  [/no matching manifest|does not match the specified platform|exec format error/i, 'it is not for that platform'],
  [/x509|certificate/i, 'the certificate of the registry is not believed there'],
  [
    /no such host|connection refused|i\/o timeout|deadline exceeded|no route to host/i,
    'the registry cannot be reached',
  ],
  [/executable file not found|no such file or directory/i, 'what it is to start is not there'],
  [/port is already allocated|address already in use/i, 'its port is taken'],
  [/is already in use by container|name .* is already in use/i, 'the name is taken'],
  [/permission denied|operation not permitted/i, 'it is not permitted there'],
  [/no such container/i, 'there is no such container'],
  [/no such image/i, 'there is no such image'],
  [/cannot join network|joining network namespace/i, 'the container whose network it uses does not run'],
  [/out of sequence/i, 'somebody else has changed it meanwhile'],
];

/** What a refusal means, as far as it is known; nothing of it is quoted. */
export function refusalWords(said: string): string | undefined {
  return meanings.find(([form]) => form.test(said))?.[1];
}
