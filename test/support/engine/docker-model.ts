/*
 * What a daemon of Docker has and does, as far as moving containers needs it (moby, daemon/): names that are taken, settings that are
 * filled up with the image's, volumes without names, restart policies and reboots, images and their names. It is one file since
 * every part of it is about the same few tables.
 */

type Json = Readonly<Record<string, unknown>>;

/** What an image does when it is started. */
export type Behaviour = 'good' | 'sick' | 'crashing' | 'unstartable';

/** An image, here or in a registry. */
export interface ModelImage {
  readonly id: string;
  readonly config: Json;
  readonly behaviour: Behaviour;
  readonly architecture: string;
  readonly names: Set<string>;
  readonly digests: Set<string>;
}

/** A container. */
export interface ModelContainer {
  readonly id: string;
  name: string;
  readonly image: ModelImage;
  readonly config: Record<string, unknown>;
  readonly host: Record<string, unknown>;
  readonly networks: Record<string, Record<string, unknown>>;
  readonly mounts: readonly Json[];
  /** Containers that it is linked to, by their ids, with what it calls them. */
  readonly links: readonly (readonly [id: string, alias: string])[];
  isRunning: boolean;
  /** By a person or by us: a policy of `unless-stopped` does not bring it back. */
  wasStopped: boolean;
  started: number;
  finished: number;
  exitCode: number;
  restarts: number;
  readonly created: number;
}

/** A service of a swarm, of which this daemon is the manager. */
export interface ModelService {
  readonly id: string;
  spec: Json;
  previous: Json | undefined;
  version: number;
  state: string;
  /** How an update comes to its end. */
  ends: 'completed' | 'paused' | 'rollback_completed' | 'updating';
  /** Its tasks, and how they are. */
  tasks: ReadonlyMap<string, string>;
}

/** A request that a daemon refuses. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** How a test has a container made, as `docker run` would. */
export interface Wanted {
  readonly name: string;
  readonly image: string;
  readonly config?: Json;
  readonly host?: Json;
  readonly networks?: Readonly<Record<string, Json>>;
}

/** Stands in every field of an answer that nobody may tell. */
export const canary = 'c4nary';

/** The tables, and every request as a change of them. */
export class DockerModel {
  readonly #minor: number;
  readonly #store: 'graph' | 'content';
  /** What there is to pull: by `repository@digest`. */
  readonly registry = new Map<string, ModelImage>();
  readonly images = new Map<string, ModelImage>();
  readonly containers = new Map<string, ModelContainer>();
  readonly services = new Map<string, ModelService>();
  /** Nodes of its swarm. */
  nodes = 2;
  /** What must never happen: two that run on the same volume. */
  readonly violations: string[] = [];
  #ids = 0;
  #time = 1_700_000_000_000;

  constructor(minor: number, store: 'graph' | 'content') {
    this.#minor = minor;
    this.#store = store;
  }

  /** An image for the registry, with the digest that it is pulled by. */
  publish(
    repository: string,
    digest: string,
    image: Partial<Pick<ModelImage, 'config' | 'behaviour' | 'architecture'>> = {},
  ): ModelImage {
    const { config = {}, behaviour = 'good', architecture = 'amd64' } = image;
    // With containerd's store the id is the digest; else that of a config, which is another one.
    const id = this.#store === 'content' ? digest : digest.replace(/^sha256:./, 'sha256:f');
    const made = {
      id,
      config,
      behaviour,
      architecture,
      names: new Set<string>(),
      digests: new Set([`${repository}@${digest}`]),
    };
    this.registry.set(`${repository}@${digest}`, made);
    return made;
  }

  /** Pulls it, and gives it a name. */
  pull(repository: string, digest: string, tag?: string): ModelImage {
    const image = this.registry.get(`${repository}@${digest}`);
    if (image === undefined)
      throw new Refusal(404, `manifest for ${repository}@${digest} not found: manifest unknown: ${canary}`);
    this.images.set(image.id, image);
    if (tag !== undefined) this.#name(image, `${repository}:${tag}`);
    return image;
  }

  /** Builds an image under a name, whatever that stood for. */
  build(name: string, from: ModelImage): ModelImage {
    const made = { ...from, id: `sha256:${'9'.repeat(64)}`, names: new Set<string>(), digests: new Set<string>() };
    this.images.set(made.id, made);
    this.#name(made, name);
    return made;
  }

  run({ name, image, config = {}, host = {}, networks = {} }: Wanted): ModelContainer {
    const id = this.#create(name, {
      ...config,
      Image: image,
      HostConfig: host,
      NetworkingConfig: { EndpointsConfig: networks },
    });
    this.#start(this.container(id));
    return this.container(id);
  }

  /** By id, by name, or by the beginning of an id. */
  container(name: string): ModelContainer {
    const all = [...this.containers.values()];
    const found =
      this.containers.get(name) ?? all.find((one) => one.name === name) ?? all.find(({ id }) => id.startsWith(name));
    if (found === undefined) throw new Refusal(404, `No such container: ${name}`);
    return found;
  }

  image(name: string): ModelImage {
    const found = [...this.images.values()].find(
      (one) => one.id === name || one.names.has(name) || one.digests.has(name),
    );
    if (found === undefined) throw new Refusal(404, `No such image: ${name}`);
    return found;
  }

  /** Everything ends, and comes back whose policy says so and that was ever started (seen with 20.10: a created one does not). */
  reboot(): void {
    for (const one of this.containers.values()) {
      if (!one.isRunning) continue;
      this.#end(one, 137);
    }
    for (const one of this.containers.values()) {
      const policy = policyOf(one);
      if (one.started > 0 && (policy === 'always' || (policy === 'unless-stopped' && !one.wasStopped)))
        this.#start(one);
    }
  }

  ask(
    call: string,
    name: string,
    query: URLSearchParams,
    body: unknown,
  ): { readonly status: number; readonly answer?: unknown } {
    const fields = (body ?? {}) as Json;
    const asked = (key: string): string => query.get(key) ?? '';
    switch (call) {
      case 'GET /info':
        return ok(this.#info());
      case 'GET /containers/json':
        return ok([...this.containers.values()].map((one) => this.#listed(one)));
      case 'GET /containers/{id}/json':
        return ok(this.inspect(name));
      case 'GET /containers/{id}/logs':
        return ok(`log of ${this.container(name).name}`);
      case 'GET /services':
        return ok([...this.services.values()].map(serviceOf));
      case 'GET /nodes':
        return ok(Array.from({ length: this.nodes }, (_, index) => nodeOf(index)));
      case 'GET /tasks':
        return ok([...this.services.values()].flatMap(tasksOf));
      case 'POST /services/{id}/update':
        return ok(this.#updateService(name, asked('version'), asked('rollback'), fields));
      case 'GET /images/json':
        return ok(this.#listImages(asked('filters')));
      case 'GET /images/{name}/json':
        return ok(this.#inspectImage(this.image(name)));
      case 'POST /images/create':
        return this.#pullAsked(asked('fromImage'), asked('tag'), asked('platform'));
      case 'POST /images/{name}/tag':
        this.#name(this.image(name), `${asked('repo')}:${asked('tag')}`);
        return { status: 201 };
      case 'DELETE /images/{name}':
        return ok(this.#untag(name));
      case 'POST /containers/create':
        return { status: 201, answer: { Id: this.#create(asked('name'), fields), Warnings: [] } };
      case 'POST /containers/{id}/update':
        Object.assign(this.container(name).host, fields);
        return ok({ Warnings: [] });
      case 'POST /containers/{id}/stop': {
        const one = this.container(name);
        if (!one.isRunning) return { status: 304 };
        this.#end(one, 137);
        one.wasStopped = true;
        return { status: 204 };
      }
      case 'POST /containers/{id}/start': {
        const one = this.container(name);
        if (one.isRunning) return { status: 304 };
        this.#start(one);
        return { status: 204 };
      }
      case 'POST /containers/{id}/rename': {
        const one = this.container(name);
        this.#free(asked('name'));
        one.name = asked('name');
        return { status: 204 };
      }
      case 'POST /networks/{id}/connect': {
        const one = this.container(String(fields['Container']));
        one.networks[name] = this.#endpoint(one.id, fields['EndpointConfig'] as Json);
        return { status: 200 };
      }
      case 'DELETE /containers/{id}': {
        const one = this.container(name);
        if (one.isRunning) throw new Refusal(409, `You cannot remove a running container ${one.id}`);
        this.containers.delete(one.id);
        return { status: 204 };
      }
      default:
        throw new Refusal(404, 'page not found');
    }
  }

  serve(name: string, spec: Json): ModelService {
    const made: ModelService = {
      id: `service-${name}`,
      spec: { Name: name, ...spec },
      previous: undefined,
      version: 7,
      state: '',
      ends: 'completed',
      tasks: new Map([[`${name}-1`, 'running']]),
    };
    this.services.set(made.id, made);
    return made;
  }

  #updateService(id: string, version: string, rollback: string, spec: Json): Json {
    const one = this.services.get(id);
    if (one === undefined) throw new Refusal(404, `service ${id} not found`);
    if (version !== String(one.version))
      throw new Refusal(500, 'rpc error: code = Unknown desc = update out of sequence');
    if (rollback !== '' && one.previous === undefined)
      throw new Refusal(400, 'rpc error: code = FailedPrecondition desc = service does not have a previous spec');
    one.version++;
    if (rollback !== '') [one.spec, one.previous, one.state] = [one.previous ?? {}, undefined, 'rollback_completed'];
    else [one.spec, one.previous, one.state] = [spec, one.spec, one.ends];
    if (one.state === 'rollback_completed' && rollback === '')
      [one.spec, one.previous] = [one.previous ?? {}, undefined];
    return { Warnings: [] };
  }

  /** As `GET /containers/{id}/json` has it. */
  inspect(name: string): Json {
    const one = this.container(name);
    const health = healthOf(one);
    return {
      Id: one.id,
      Name: `/${one.name}`,
      Created: stamp(one.created),
      Image: one.image.id,
      Path: canary,
      Args: [canary],
      RestartCount: one.restarts,
      State: {
        Status: one.isRunning ? 'running' : one.started === 0 ? 'created' : 'exited',
        Running: one.isRunning,
        Paused: false,
        Restarting: false,
        ExitCode: one.isRunning ? 0 : one.exitCode,
        Error: canary,
        StartedAt: stamp(one.started),
        FinishedAt: stamp(one.finished),
        ...(health !== undefined && { Health: { Status: health, FailingStreak: 0, Log: [] } }),
      },
      Config: one.config,
      HostConfig: {
        ...one.host,
        ...(one.links.length > 0 && {
          Links: one.links.flatMap(([id, alias]) => {
            const to = this.containers.get(id);
            return to === undefined ? [] : [`/${to.name}:/${one.name}/${alias}`];
          }),
        }),
      },
      Mounts: one.mounts,
      NetworkSettings: { Networks: one.networks },
      ...(this.#knowsManifests() && {
        ImageManifestDescriptor: {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: one.image.id,
          size: 1,
        },
      }),
    };
  }

  #knowsManifests(): boolean {
    return this.#store === 'content' && this.#minor >= 48;
  }

  #info(): Json {
    const status =
      this.#store === 'graph' ? [['Backing Filesystem', 'extfs']] : [['driver-type', 'io.containerd.snapshotter.v1']];
    return {
      ID: 'ENGINE-ID',
      Name: 'fake-host',
      DriverStatus: status,
      OSType: 'linux',
      Architecture: 'x86_64',
      HttpProxy: canary,
      ...(this.services.size > 0 && {
        Swarm: { NodeID: 'node-0', LocalNodeState: 'active', ControlAvailable: true, Cluster: { ID: 'CLUSTER' } },
      }),
    };
  }

  #listed(one: ModelContainer): Json {
    const isNamed = one.image.names.has(String(one.config['Image']));
    return {
      Id: one.id,
      Names: [
        ...[...this.containers.values()].flatMap(({ name, links }) =>
          links.filter(([id]) => id === one.id).map(([, alias]) => `/${name}/${alias}`),
        ),
        `/${one.name}`,
      ],
      Image: isNamed ? one.config['Image'] : one.image.id,
      ImageID: one.image.id,
      Command: canary,
      Created: 1_700_000_000,
      State: one.isRunning ? 'running' : one.started === 0 ? 'created' : 'exited',
      Status: canary,
      Labels: one.config['Labels'],
      HostConfig: { NetworkMode: one.host['NetworkMode'] },
      Mounts: [],
    };
  }

  #listImages(filters: string): readonly Json[] {
    const wanted = (JSON.parse(filters || '{}') as { reference?: string[] }).reference?.map((one) =>
      one.replace(/\*$/, ''),
    );
    return [...this.images.values()]
      .filter(
        ({ names }) => wanted === undefined || [...names].some((name) => wanted.some((one) => name.startsWith(one))),
      )
      .map((one) => ({
        Id: one.id,
        ParentId: '',
        RepoTags: [...one.names],
        RepoDigests: [...one.digests],
        Created: 1,
        Size: 1,
        SharedSize: -1,
        VirtualSize: 1,
        Labels: {},
        Containers: -1,
      }))
      .map(({ VirtualSize, ...one }) => (this.#minor < 44 ? { ...one, VirtualSize } : one));
  }

  #inspectImage(image: ModelImage): Json {
    return {
      Id: image.id,
      RepoTags: [...image.names],
      RepoDigests: [...image.digests],
      Os: 'linux',
      Architecture: image.architecture,
      Config: image.config,
      ...(this.#knowsManifests() && {
        Descriptor: { mediaType: 'application/vnd.oci.image.index.v1+json', digest: image.id, size: 1 },
      }),
    };
  }

  #pullAsked(
    repository: string,
    digest: string,
    platform: string,
  ): { readonly status: number; readonly answer: string } {
    const lines: Json[] = [{ status: `Pulling from ${repository}` }];
    try {
      const image = this.pull(repository, digest);
      if (platform !== `linux/${image.architecture}`) {
        this.images.delete(image.id);
        lines.push({ error: `image ${canary} does not match the specified platform: wanted ${platform}` });
      }
      lines.push({ status: 'Status: Downloaded' });
    } catch (error) {
      const { message } = error as Refusal;
      lines.push({ errorDetail: { message }, error: message });
    }
    return { status: 200, answer: lines.map((one) => `${JSON.stringify(one)}\r\n`).join('') };
  }

  #name(image: ModelImage, name: string): void {
    for (const one of this.images.values()) one.names.delete(name);
    image.names.add(name);
    // There digests are kept of names, and go with them.
  }

  #untag(name: string): readonly Json[] {
    const image = this.image(name);
    const isLast = image.names.size + image.digests.size === 1;
    if (isLast && [...this.containers.values()].some((one) => one.image === image))
      throw new Refusal(409, `conflict: unable to remove repository reference "${name}" (must force)`);
    image.names.delete(name);
    image.digests.delete(name);
    if (isLast) this.images.delete(image.id);
    return [{ Untagged: name }];
  }

  #free(name: string): void {
    const taken = [...this.containers.values()].find((one) => one.name === name);
    if (taken !== undefined)
      throw new Refusal(
        409,
        `Conflict. The container name "/${name}" is already in use by container "${taken.id}" ${canary}`,
      );
  }

  #create(name: string, body: Json): string {
    this.#free(name);
    const { HostConfig: host = {}, NetworkingConfig: networking = {}, ...config } = body as Record<string, Json>;
    const image = this.image(String(config['Image']));
    const id =
      (++this.#ids).toString(16).padStart(4, '0').repeat(3) + (this.#ids * 7919).toString(16).padStart(52, '0');
    const endpoints = (networking as { EndpointsConfig?: Record<string, Json> }).EndpointsConfig ?? {};
    if (this.#minor < 44 && Object.keys(endpoints).length > 1)
      throw new Refusal(400, 'Container cannot be connected to network endpoints');
    const merged = this.#merged(config, image.config, id);
    const mode = String(host['NetworkMode'] ?? 'default');
    const main = mode === 'default' ? 'bridge' : mode;
    const networks = mode.startsWith('container:') ? {} : { [main]: this.#endpoint(id, endpoints[main] ?? {}) };
    for (const [network, one] of Object.entries(endpoints))
      if (network !== main) networks[network] = this.#endpoint(id, one);
    this.containers.set(id, {
      id,
      name,
      image,
      config: merged,
      // What nobody set is written out.
      host: {
        NetworkMode: mode,
        RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
        ShmSize: 67108864,
        IpcMode: 'private',
        ...host,
      },
      networks,
      mounts: this.#mounted(merged, host, id),
      links: ((host['Links'] ?? []) as string[]).map((one) => {
        const [to = '', alias = to] = one.split(':');
        return [this.container(to).id, alias];
      }),
      isRunning: false,
      wasStopped: false,
      started: 0,
      finished: 0,
      exitCode: 0,
      restarts: 0,
      created: ++this.#time,
    });
    return id;
  }

  /** moby, daemon/commit.go, merge. */
  #merged(config: Json, ofImage: Json, id: string): Record<string, unknown> {
    const list = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : []);
    const named = (line: string): string => line.split('=', 1)[0] ?? '';
    const env = list(config['Env']);
    const names = new Set(env.map(named));
    const own = list(config['Entrypoint']);
    const isEmptied = own.length === 1 && own[0] === '';
    const entry = own.length === 0 ? list(ofImage['Entrypoint']) : isEmptied ? [] : own;
    const cmd = own.length === 0 && list(config['Cmd']).length === 0 ? list(ofImage['Cmd']) : list(config['Cmd']);
    const health = { ...(ofImage['Healthcheck'] as Json | undefined), ...(config['Healthcheck'] as Json | undefined) };
    return {
      ...ofImage,
      ...config,
      Hostname: config['Hostname'] ?? id.slice(0, 12),
      Env: [...env, ...list(ofImage['Env']).filter((line) => !names.has(named(line)))],
      Labels: { ...(ofImage['Labels'] as Json), ...(config['Labels'] as Json) },
      Volumes: { ...(ofImage['Volumes'] as Json), ...(config['Volumes'] as Json) },
      ExposedPorts: { ...(ofImage['ExposedPorts'] as Json), ...(config['ExposedPorts'] as Json) },
      Entrypoint: entry,
      Cmd: cmd,
      ...(Object.keys(health).length > 0 && { Healthcheck: health }),
    };
  }

  #mounted(config: Json, host: Json, id: string): readonly Json[] {
    const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
    const found = new Map<string, Json>();
    const volume = (name: string, at: string, isWritable: boolean): void =>
      void found.set(at, {
        Type: 'volume',
        Name: name,
        Source: `/volumes/${name}`,
        Destination: at,
        Driver: 'local',
        Mode: '',
        RW: isWritable,
        Propagation: '',
      });
    const anonymous = (at: string): string => Buffer.from(`${id}${at}`).toString('hex').padEnd(64, '0').slice(-64);
    for (const from of list(host['VolumesFrom']) as string[])
      for (const mount of this.container(from.split(':')[0] ?? '').mounts)
        found.set(String(mount['Destination']), mount);
    const asked = new Set<string>();
    const once = (path: string): string => {
      const at = path.replace(/(?<=.)\/$/, '');
      if (asked.has(at)) throw new Refusal(400, `Duplicate mount point: ${at}`);
      asked.add(at);
      return at;
    };
    for (const bind of list(host['Binds']) as string[]) {
      const [from = '', target, mode = ''] = bind.split(':');
      const at = once(target ?? from);
      if (target === undefined) volume(anonymous(at), at, true);
      else if (!from.startsWith('/')) volume(from, at, mode !== 'ro');
      else
        found.set(at, {
          Type: 'bind',
          Source: from,
          Destination: at,
          Mode: mode,
          RW: mode !== 'ro',
          Propagation: 'rprivate',
        });
    }
    for (const one of list(host['Mounts']) as Json[]) {
      const at = once(String(one['Target']));
      if (one['Type'] === 'tmpfs')
        found.set(at, { Type: 'tmpfs', Source: '', Destination: at, Mode: '', RW: true, Propagation: '' });
      else volume(String(one['Source'] ?? '') || anonymous(at), at, one['ReadOnly'] !== true);
    }
    for (const at of Object.keys((config['Volumes'] as Json | undefined) ?? {}))
      if (!found.has(at)) volume(anonymous(at), at, true);
    return [...found.values()];
  }

  #endpoint(id: string, asked: Json): Record<string, unknown> {
    const aliases = (asked['Aliases'] as string[] | undefined) ?? [];
    const given = this.#minor < 45 ? [...aliases, id.slice(0, 12)] : aliases;
    return {
      ...asked,
      Aliases: given,
      NetworkID: 'n'.repeat(64),
      EndpointID: id,
      IPAddress: '10.0.0.9',
      MacAddress: '02:42:0a:00:00:09',
    };
  }

  #start(one: ModelContainer): void {
    if (one.image.behaviour === 'unstartable') {
      one.exitCode = 127;
      throw new Refusal(
        400,
        `OCI runtime create failed: exec: "${canary}": executable file not found in $PATH: unknown`,
      );
    }
    for (const id of lenders(one)) {
      if (![...this.containers.values()].some((two) => (two.id === id || two.name === id) && two.isRunning))
        throw new Refusal(409, `cannot join network of a non running container: ${id}`);
    }
    for (const [id] of one.links) {
      const to = this.containers.get(id);
      if (to?.isRunning === false) throw new Refusal(500, `Cannot link to a non running container: /${to.name}`);
    }
    const volumes = new Set(one.mounts.filter(({ Type }) => Type === 'volume').map(({ Name }) => Name));
    const other = [...this.containers.values()].find(
      (two) =>
        two !== one &&
        two.isRunning &&
        !sharesVolumes(one) &&
        !sharesVolumes(two) &&
        two.mounts.some(({ Type, Name }) => Type === 'volume' && volumes.has(Name)),
    );
    if (other !== undefined) this.violations.push(`${one.name} and ${other.name} run on one volume`);
    one.isRunning = true;
    one.wasStopped = false;
    one.started = ++this.#time;
    if (one.image.behaviour !== 'crashing') return;
    this.#end(one, 3);
    if (policyOf(one) === 'no') return;
    one.restarts++;
    one.isRunning = true;
  }

  #end(one: ModelContainer, exitCode: number): void {
    one.isRunning = false;
    one.exitCode = exitCode;
    one.finished = ++this.#time;
  }
}

function serviceOf({ id, spec, previous, version, state }: ModelService): Json {
  return {
    ID: id,
    Version: { Index: version },
    Spec: spec,
    ...(previous !== undefined && { PreviousSpec: previous }),
    ...(state !== '' && { UpdateStatus: { State: state, StartedAt: stamp(1), Message: canary } }),
  };
}

function tasksOf({ id, tasks }: ModelService): readonly Json[] {
  return [...tasks].map(([task, state], index) => ({
    ID: task,
    ServiceID: id,
    NodeID: `node-${index}`,
    DesiredState: 'running',
    Status: { State: state, Message: canary },
  }));
}

function nodeOf(index: number): Json {
  return {
    ID: `node-${index}`,
    Spec: { Role: index === 0 ? 'manager' : 'worker', Availability: 'active' },
    Status: { State: 'ready' },
    Description: { Hostname: `host-${index}`, Platform: { Architecture: 'x86_64', OS: 'linux' } },
  };
}

function ok(answer: unknown): { readonly status: number; readonly answer: unknown } {
  return { status: 200, answer };
}

function policyOf({ host }: ModelContainer): string {
  return (host['RestartPolicy'] as { Name?: string } | undefined)?.Name ?? 'no';
}

/** It says how it is at once. */
function healthOf({ config, image, isRunning }: ModelContainer): string | undefined {
  const test = (config['Healthcheck'] as { Test?: string[] } | undefined)?.Test;
  if (test === undefined || test[0] === 'NONE') return undefined;
  return !isRunning ? 'unhealthy' : image.behaviour === 'sick' ? 'unhealthy' : 'healthy';
}

/** Whose network, memory or processes it is in. */
function lenders({ host }: ModelContainer): readonly string[] {
  return ['NetworkMode', 'IpcMode', 'PidMode'].flatMap((key) => {
    const [, id] = /^container:(.+)$/.exec(String(host[key] ?? '')) ?? [];
    return id === undefined ? [] : [id];
  });
}

function sharesVolumes({ host }: ModelContainer): boolean {
  return Array.isArray(host['VolumesFrom']) && host['VolumesFrom'].length > 0;
}

function stamp(time: number): string {
  return time === 0 ? '0001-01-01T00:00:00Z' : new Date(time).toISOString();
}
