/**
 * Is a path a Dockerfile by its name: `Dockerfile` or `Containerfile`, alone, with `.suffix` or `-suffix`, or as the
 * suffix of another name? Templates are `maybe`; ignore files, prose and editors' copies are none.
 * Source: docs.docker.com/build/concepts/dockerfile, "Filename"; containers-common's Containerfile(5).
 */
export function matchesName(path: string): 'yes' | 'maybe' | 'no' {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.(?:dockerignore|containerignore|md|txt|orig|bak|swp)$|~$/i.test(name)) return 'no';
  const whole =
    /^(?:[Dd]ocker|[Cc]ontainer)file(?:[.-].+)?$/.test(name) ||
    /.\.(?:[Dd]ocker|[Cc]ontainer)file(?:\.[^.]+)?$/.test(name);
  if (!whole) return 'no';
  if (/\.(?:j2|tmpl|tpl|erb|in|template)$/.test(name)) return 'maybe';
  return /^[DdCc]o(?:cker|ntainer)file/.test(name) || /file$/.test(name) ? 'yes' : 'no';
}
