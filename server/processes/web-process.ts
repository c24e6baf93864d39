import { rmdir } from "node:fs/promises";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import type { FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import { openDatabase } from "../database/database.ts";
import { createLogger } from "../logger.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import type { AskedProcess } from "../metrics/gather.ts";
import { type Door, serve } from "../serve.ts";
import type { Stopper } from "../stopper.ts";
import { liveAsChild, metricsOfAnother, tellParent } from "./child.ts";
import { Mesh } from "./mesh.ts";
import { type FromWebProcess, type Instructions, receivedConfig, type ToWebProcess, webInstance } from "./messages.ts";
import { ReceivedConnections } from "./received-connections.ts";
import { SharedDesk } from "./shared-desk.ts";
import { ConnectionsInUse } from "./spread-connections.ts";

/** One of several web processes: what `Supervisor` starts. It does what the first process tells it. */
let mesh: Mesh | undefined;
let connections: ReceivedConnections | undefined;
let inUse: ConnectionsInUse | undefined;
let metrics: Metrics | undefined;

liveAsChild<Instructions, Exclude<ToWebProcess, { kind: "begin" | "stop" }>>({
  begin,
  hear(message, connection) {
    switch (message.kind) {
      case "members":
        mesh?.meet(message.members);
        break;
      case "connection":
        takeIn(connection);
        break;
      case "count connections":
        tell({ kind: "connections", open: connections?.open ?? 0, inUse: inUse?.count() ?? 0 });
        break;
      case "surplus":
        inUse?.end(message.connections);
        break;
      default:
        message satisfies never;
    }
  },
  collect: () => metrics?.collect() ?? Promise.reject(new Error("there is nothing to tell yet")),
  leaving() {
    tell({ kind: "leaving" });
    mesh?.leave();
  },
});

async function begin(
  { config: sent, slot, webPath, mesh: meshSocket, ...shared }: Instructions,
  stopper: Stopper,
): Promise<{ path: string | undefined }> {
  const config = receivedConfig(sent);
  const logger = createLogger(config).child({ process: slot + 1 });
  const onError = (error: unknown) => logger.error({ err: error }, "in the background");
  const { databaseSchema: schema, poolSize } = config;
  // When the first process is gone, the last one takes away what that one would have.
  stopper.add(async () => {
    if (!process.connected) await rmdir(dirname(webPath)).catch(() => {});
  });
  const database = await openDatabase({ url: shared.databaseUrl, schema, poolSize });
  stopper.add(() => database.close());
  const serving = await serve(
    config,
    { ...shared, database },
    {
      logger,
      onError,
      stopper,
      instance: webInstance(slot),
      otherProcesses: () => othersOf(config, slot),
      shareDesk(own) {
        if (!meshSocket) return own;
        mesh = new Mesh(own, { slot, password: meshSocket.password });
        return new SharedDesk(own, mesh);
      },
      openDoor: (app) => openDoor(app, webPath),
    },
  );
  metrics = serving.metrics;
  // Without it the others settle everything themselves, which is slower and no less right.
  const path = await mesh?.listen(meshSocket?.path ?? "").then(() => meshSocket?.path, onError);
  return { path: path ?? undefined };
}

/** The other processes of the shop, which the first one knows. */
function othersOf({ processes, roles }: Config, own: number): AskedProcess[] {
  const slots = Array.from({ length: processes }, (_, slot) => slot).filter((slot) => slot !== own);
  const instances = [...slots.map(webInstance), ...(roles.includes("worker") ? ["worker"] : [])];
  return instances.map((instance) => ({ instance, collect: () => metricsOfAnother(instance) }));
}

/** Connections are given to this process. Its web server listens all the same: only then does it look after them. */
async function openDoor(app: FastifyInstance, path: string): Promise<Door> {
  await app.listen({ path });
  const received = new ReceivedConnections(app.server);
  connections = received;
  inUse = new ConnectionsInUse(app.server);
  return { url: path, closed: () => received.closed() };
}

/** @param connection absent when its client has gone on the way */
function takeIn(connection: Socket | undefined): void {
  if (connection) connections?.receive(connection);
  tell({ kind: "taken" });
}

function tell(message: FromWebProcess): void {
  tellParent(message);
}
