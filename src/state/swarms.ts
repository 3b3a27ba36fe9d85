import type { Database } from './database.ts';

/** What was observed of swarms, by the identity of the cluster. Times are milliseconds since 1970. */
export interface Swarms {
  /** Since when each node that is ready has been seen so, without a break. One that is not is forgotten. */
  observe(
    cluster: string,
    nodes: readonly { readonly id: string; readonly isReady: boolean }[],
    now: number,
  ): Promise<ReadonlyMap<string, number>>;
  /** When a service was forced last to spread tasks. */
  rebalanced(cluster: string): Promise<number | undefined>;
  setRebalanced(cluster: string, at: number): Promise<void>;
}

/** In the tables `node` and `rebalanced`. */
export function swarmsIn(database: Database): Swarms {
  return {
    observe: (cluster, nodes, now) =>
      database.transaction(function* (inside) {
        const ready = nodes.filter(({ isReady }) => isReady).map(({ id }) => id);
        yield* inside.run(
          'delete from node where cluster = ? and node not in (select value from json_each(?))',
          cluster,
          ready,
        );
        // A clock that ran ahead has left times that are yet to come.
        yield* inside.each(
          ready,
          `insert into node (cluster, node, ready, seen) values (?, ?, ?, ?)
           on conflict (cluster, node) do update set ready = min(node.ready, excluded.ready), seen = excluded.seen`,
          (id) => [cluster, id, now, now],
        );
        const rows = yield* inside.all('select node, ready from node where cluster = ?', cluster);
        return new Map(rows.map((row) => [String(row['node']), Number(row['ready'])]));
      }),
    rebalanced: async (cluster) => {
      const [row] = await database.ask('select at from rebalanced where cluster = ?', cluster);
      return row === undefined ? undefined : Number(row['at']);
    },
    setRebalanced: (cluster, at) =>
      database.change(
        'insert into rebalanced (cluster, at) values (?, ?) on conflict (cluster) do update set at = excluded.at',
        cluster,
        at,
      ),
  };
}
