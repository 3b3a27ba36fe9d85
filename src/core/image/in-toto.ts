/** Does an in-toto statement name this digest as its subject? Source: in-toto attestation, spec/v1/statement.md. */
export function namesSubject(statement: unknown, digest: string): boolean {
  const subject = (statement as { subject?: unknown } | null | undefined)?.subject;
  const colon = digest.indexOf(':');
  const [algorithm, hex] = [digest.slice(0, colon), digest.slice(colon + 1)];
  return (Array.isArray(subject) ? subject : []).some((one) => {
    const digests = (one as { digest?: Record<string, unknown> | null } | null)?.digest;
    return digests?.[algorithm] === hex;
  });
}
