/**
 * Keeps forges from reading a mention, a number, a label or an address in a text that is shown as it is: a word joiner, which
 * nobody sees, stands after the character that would begin one. All forges alike, since a text may be quoted on another:
 * GitHub reads `@`, `#`, `GH-` and addresses (GitHub Docs, "Autolinked references and URLs"), GitLab `!`, `&`, `$`, `%` and
 * `~` too (GitLab Docs, "GitLab-specific references"); all of them make a picture of a name between colons.
 */
export function withoutReferences(text: string): string {
  return text
    .replace(/@(?=[\w/\\-])/g, '@\u2060')
    .replace(/#(?=\d)/g, '#\u2060')
    .replace(/\bGH-(?=\d)/gi, '$&\u2060')
    .replace(/(?<!\w)(?:[!&$](?=\d)|[%~](?=[\w"]))/g, '$&\u2060')
    .replace(/:(?=\/\/|[a-z+][\w+-]*:)/gi, ':\u2060')
    .replace(/\bwww(?=\.)/gi, '$&\u2060');
}
