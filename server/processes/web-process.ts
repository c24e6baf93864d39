import { rmdir } from "node:fs/promises";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import type { FastifyInstance } from "fastify";
import { openDatabase } from "../database/database.ts";
import { createLogger } from "../logger.ts";
import { type Door, serve } from "../serve.ts";
import type { Stopper } from "../stopper.ts";
import { liveAsChild, tellParent } from "./child.ts";
import { Mesh } from "./mesh.ts";
import { type FromWebProcess, type Instructions, receivedConfig, type ToWebProcess } from "./messages.ts";
import { ReceivedConnections } from "./received-connections.ts";
import { SharedDesk } from "./shared-desk.ts";
import { ConnectionsInUse } from "./spread-connections.ts";

/** One of several web processes: what `Supervisor` starts. It does what the first process tells it. */
let mesh: Mesh | undefined;
let connections: ReceivedConnections | undefined;
let inUse: ConnectionsInUse | undefined;

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
  leaving() {
    tell({ kind: "leaving" });
    mesh?.leave();
  },
});

async function begin(
  { config: sent, slot, databaseUrl, secret, warehouse, pageFolder, ...sockets }: Instructions,
  stopper: Stopper,
): Promise<{ path: string | undefined }> {
  const config = receivedConfig(sent);
  const logger = createLogger(config).child({ process: slot + 1 });
  const onError = (error: unknown) => logger.error({ err: error }, "in the background");
  const { databaseSchema: schema, poolSize } = config;
  // When the first process is gone, the last one takes away what that one would have.
  stopper.add(async () => {
    if (!process.connected) await rmdir(dirname(sockets.webPath)).catch(() => {});
  });
  const database = await openDatabase({ url: databaseUrl, schema, poolSize });
  stopper.add(() => database.close());
  await serve(
    config,
    { databaseUrl, database, secret, warehouse, pageFolder },
    {
      logger,
      onError,
      stopper,
      shareDesk(own) {
        if (!sockets.mesh) return own;
        mesh = new Mesh(own, { slot, password: sockets.mesh.password });
        return new SharedDesk(own, mesh);
      },
      openDoor: (app) => openDoor(app, sockets.webPath),
    },
  );
  // Without it the others settle everything themselves, which is slower and no less right.
  const path = await mesh?.listen(sockets.mesh?.path ?? "").then(() => sockets.mesh?.path, onError);
  return { path: path ?? undefined };
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
