/**
 * A text of ours that GitLab will do nothing of: a line that begins with a slash is a command there (`/merge`, `/close`), also
 * behind blanks and in quotes of what somebody else wrote. A word joiner, which nobody sees, stands before such a slash.
 * Source: GitLab Docs, "GitLab quick actions".
 */
export function inert(text: string): string {
  return text.replace(/^([ \t>]*)\/(?=[a-z])/gim, '$1\u2060/');
}
