import { copyFileSync, cpSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DockerDaemon } from './docker-daemon.ts';
import { runTool } from './run-tool.ts';

/** Makes what node:24-slim is, under this name: Debian's minbase (an archive of mmdebstrap), the project's Node.js, and npm. */
export function makeNodeBase(daemon: DockerDaemon, context: string, rootfs: string, name: string): void {
  mkdirSync(context);
  copyFileSync(
    realpathSync(path.join(import.meta.dirname, '../../../node_modules/.bin/node')),
    path.join(context, 'node'),
  );
  const npm = path.dirname(path.dirname(realpathSync(runTool('which', ['npm']).trim())));
  cpSync(npm, path.join(context, 'npm'), { recursive: true });
  const lines = [
    'FROM minbase',
    'COPY node /usr/local/bin/node',
    'COPY npm /usr/local/lib/node_modules/npm',
    'RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm',
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ];
  writeFileSync(path.join(context, 'Dockerfile'), `${lines.join('\n')}\n`);
  daemon.docker('import', rootfs, 'minbase');
  daemon.docker('build', '-q', '--network', 'none', '-t', name, context);
}
