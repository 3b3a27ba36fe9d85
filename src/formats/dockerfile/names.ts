/**
 * Is a path a Dockerfile by its name: `Dockerfile` or `Containerfile`, alone, with `.suffix` or `-suffix`, or as the
 * suffix of another name? In lower case only alone and as a suffix: `dockerfile.ts` and its like are programs about
 * Dockerfiles. Templates are `maybe`; ignore files, prose and editors' copies are none.
 * Source: docs.docker.com/build/concepts/dockerfile, "Filename"; containers-common's Containerfile(5).
 */
export function matchesName(path: string): 'yes' | 'maybe' | 'no' {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.(?:dockerignore|containerignore|md|txt|orig|bak|swp)$|~$/i.test(name)) return 'no';
  const template = /\.(?:j2|tmpl|tpl|erb|in|template)$/.exec(name);
  const plain = template ? name.slice(0, template.index) : name;
  const whole =
    /^(?:Docker|Container)file(?:[.-].+)?$/.test(plain) || /(?:^|.\.)(?:[Dd]ocker|[Cc]ontainer)file$/.test(plain);
  return whole ? (template ? 'maybe' : 'yes') : 'no';
}
