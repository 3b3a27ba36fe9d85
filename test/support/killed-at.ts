/**
 * What a process loads to die at its n-th step: a statement that writes to the state, or a request, and its answer, whose path
 * matches. Whatever is inside a transaction leaves what was there before it; `every` believes neither. Of the processes that
 * one starts with the same words, only that of the given command dies.
 */
export function killedAtStep(step: number, paths: RegExp, every: boolean, command = ''): string {
  return `data:text/javascript,${encodeURIComponent(`
    import { DatabaseSync, StatementSync } from 'node:sqlite';
    import http from 'node:http';
    const every = ${every};
    let steps = 0;
    let inside = false;
    const isMeant = ['', process.argv[2]].includes(${JSON.stringify(command)});
    const step = () => { if (isMeant && ++steps === ${step}) { process.kill(process.pid, 'SIGKILL'); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10_000); } };
    for (const [owner, name] of [[StatementSync.prototype, 'run'], [StatementSync.prototype, 'all'], [DatabaseSync.prototype, 'exec']]) {
      const own = owner[name];
      owner[name] = function (...args) {
        const done = own.apply(this, args);
        if (name === 'exec') inside = /^begin/.test(args[0]) || (inside && !/^(commit|rollback)/.test(args[0]));
        if (name === 'all' && !/^insert|^update/.test(this.sourceSQL)) return done;
        if (every || !inside) step();
        return done;
      };
    }
    const asks = (path) => every || ${paths}.test(path);
    const end = http.ClientRequest.prototype.end;
    http.ClientRequest.prototype.end = function (...args) { if (asks(this.path)) step(); return end.apply(this, args); };
    const emit = http.ClientRequest.prototype.emit;
    http.ClientRequest.prototype.emit = function (event, ...args) { if (event === 'response' && asks(this.path)) step(); return emit.call(this, event, ...args); };
  `)}`;
}
