import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, untilListening } from './registry-server.ts';
import { runTool } from './run-tool.ts';

export interface Front {
  readonly port: number;
  /** Its access log and its own. */
  readonly logs: readonly string[];
  stop(): Promise<void>;
}

/** Debian's nginx with these server blocks; `PORT` in them is the first one's port. */
export async function startNginx(folder: string, servers: (port: number) => string): Promise<Front> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const [access, log, config] = ['access.log', 'error.log', 'nginx.conf'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${log} info;
     events { worker_connections 256; }
     http { access_log ${access}; large_client_header_buffers 8 32k; proxy_http_version 1.1; ${temporary.join(' ')}
     ${servers(port)} }`,
  );
  const child = spawn('nginx', ['-c', config, '-e', log], { stdio: 'ignore' });
  return front(child, port, log, [access, log]);
}

/** Debian's squid as a forward proxy for one login, which resolves these names to this machine. */
export async function startSquid(
  folder: string,
  login: { readonly user: string; readonly password: string },
  names: readonly string[],
): Promise<Front> {
  mkdirSync(folder, { recursive: true });
  // It drops its privileges before it opens its logs.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const [access, log, config] = ['access.log', 'cache.log', 'squid.conf'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  const users = path.join(folder, 'users');
  writeFileSync(users, runTool('htpasswd', ['-n', '-i', '-m', login.user], { input: login.password }));
  writeFileSync(path.join(folder, 'hosts'), names.map((name) => `127.0.0.1 ${name}\n`).join(''));
  writeFileSync(
    config,
    `http_port 127.0.0.1:${port}
     hosts_file ${folder}/hosts
     dns_nameservers 127.0.0.1
     auth_param basic program /usr/lib/squid/basic_ncsa_auth ${users}
     acl known proxy_auth REQUIRED
     http_access allow known
     http_access deny all
     cache deny all
     pid_filename ${folder}/squid.pid
     access_log stdio:${access}
     cache_log ${log}
     cache_store_log none
     coredump_dir ${folder}
     shutdown_lifetime 1 seconds\n`,
  );
  const output = path.join(folder, 'output.log');
  const child = spawn('squid', ['-N', '-f', config], {
    stdio: ['ignore', openSync(output, 'a'), openSync(output, 'a')],
  });
  return front(child, port, output, [access, log, output]);
}

async function front(child: ChildProcess, port: number, log: string, logs: readonly string[]): Promise<Front> {
  const stopNow = (): void => void child.kill('SIGKILL');
  process.once('exit', stopNow);
  await untilListening(`127.0.0.1:${port}`, child, log);
  return {
    port,
    logs,
    stop: async () => {
      process.removeListener('exit', stopNow);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export interface Authority {
  /** PEM files. */
  readonly ca: string;
  /** A certificate of this authority for names, or for a client without any; the files' paths. */
  issue(name: string, names: readonly string[]): { readonly cert: string; readonly key: string };
}

/** A certificate authority that nobody knows. */
export function makeAuthority(folder: string): Authority {
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => path.join(folder, name);
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const ca = file('ca.pem');
  runTool('openssl', [
    'req',
    '-x509',
    ...curve,
    '-days',
    '2',
    '-subj',
    '/CN=lab CA',
    '-keyout',
    file('ca.key'),
    '-out',
    ca,
  ]);
  return {
    ca,
    issue: (name, names) => {
      const [cert, key, request, extra] = ['pem', 'key', 'csr', 'ext'].map((suffix) => file(`${name}.${suffix}`)) as [
        string,
        string,
        string,
        string,
      ];
      runTool('openssl', ['req', ...curve, '-subj', `/CN=${name}`, '-keyout', key, '-out', request]);
      writeFileSync(
        extra,
        names.length === 0 ? 'extendedKeyUsage=clientAuth\n' : `subjectAltName=${names.join(',')}\n`,
      );
      const authority = ['-CA', ca, '-CAkey', file('ca.key'), '-CAcreateserial'];
      runTool('openssl', ['x509', '-req', '-in', request, ...authority, '-days', '2', '-extfile', extra, '-out', cert]);
      return { cert, key };
    },
  };
}
