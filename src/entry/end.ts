/**
 * Ends the process where the system still looks up names, for nobody any more: a name server that is silent would keep a
 * job that is done for minutes. What was written gets out first. Without such names the process ends by itself.
 */
export async function end(): Promise<void> {
  if (!process.getActiveResourcesInfo().includes('GetAddrInfoReqWrap')) return;
  const written = (stream: NodeJS.WriteStream): Promise<void> =>
    new Promise((resolve) => stream.write('', () => resolve()));
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit();
}
