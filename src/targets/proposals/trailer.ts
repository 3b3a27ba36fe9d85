/** What a commit of ours says of itself in its last paragraph: `Plimsoll: <key> <targets hash>`. */
export interface Trailer {
  /** 64 hexadecimal digits each. */
  readonly key: string;
  readonly targets: string;
}

const line = /^Plimsoll: ([0-9a-f]{64}) ([0-9a-f]{64})$/;

/** The trailer as a line of a commit's message; read again by parseTrailer. */
export function formatTrailer({ key, targets }: Trailer): string {
  return `Plimsoll: ${key} ${targets}`;
}

/** undefined unless the last paragraph holds exactly one such line. */
export function parseTrailer(message: string): Trailer | undefined {
  const last =
    message
      .trimEnd()
      .split(/\n[ \t]*\n/)
      .at(-1) ?? '';
  const found = last.split(/\r?\n/).flatMap((one) => {
    const [, key, targets] = line.exec(one) ?? [];
    return key === undefined || targets === undefined ? [] : [{ key, targets }];
  });
  return found.length === 1 ? found[0] : undefined;
}
