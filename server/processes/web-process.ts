import { rmdir } from "node:fs/promises";
import type { Socket } from "node:net";
import { dirname } from "node:path";
import type { FastifyInstance } from "fastify";
import { openDatabase } from "../database/database.ts";
import { explainError } from "../explain-error.ts";
import { createLogger } from "../logger.ts";
import { type Door, serve } from "../serve.ts";
import { Stopper } from "../stopper.ts";
import { Mesh } from "./mesh.ts";
import { type FromWebProcess, type Instructions, receivedConfig, type ToWebProcess } from "./messages.ts";
import { ReceivedConnections } from "./received-connections.ts";
import { SharedDesk } from "./shared-desk.ts";
import { ConnectionsInUse } from "./spread-connections.ts";

/**
 * One of several web processes: what `Supervisor` starts. It does what the first process tells it; when that one is
 * gone, it finishes what is under way and ends.
 */
const stopper = new Stopper();
let mesh: Mesh | undefined;
let connections: ReceivedConnections | undefined;
let inUse: ConnectionsInUse | undefined;
let isReady = false;

process.on("message", (message: ToWebProcess, connection?: Socket) => {
  switch (message.kind) {
    case "begin":
      void begin(message.instructions).catch(fail);
      break;
    case "members":
      mesh?.meet(message.members);
      break;
    case "connection":
      if (connection) connections?.receive(connection);
      tell({ kind: "taken" });
      break;
    case "count connections":
      tell({ kind: "connections", open: connections?.open ?? 0, inUse: inUse?.count() ?? 0 });
      break;
    case "surplus":
      inUse?.end(message.connections);
      break;
    case "stop":
      void stop();
      break;
    default:
      message satisfies never;
  }
});
// A terminal sends its signals to all processes, and the first one tells all to stop: whatever comes first.
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
process.on("disconnect", () => {
  if (isReady && !stopper.isStopping) void stop();
  // Nobody waits for it any more.
  else process.exit(1);
});
tell({ kind: "here" });

async function begin({ config: sent, slot, databaseUrl, secret, pageFolder, ...sockets }: Instructions) {
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
    { databaseUrl, database, secret, pageFolder },
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
  isReady = true;
  tell({ kind: "ready", path: path ?? undefined });
}

/** Connections are given to this process. Its web server listens all the same: only then does it look after them. */
async function openDoor(app: FastifyInstance, path: string): Promise<Door> {
  await app.listen({ path });
  const received = new ReceivedConnections(app.server);
  connections = received;
  inUse = new ConnectionsInUse(app.server);
  return { url: path, closed: () => received.closed() };
}

async function stop(): Promise<void> {
  if (stopper.isStopping) return;
  tell({ kind: "leaving" });
  mesh?.leave();
  await stopper.stop().catch(fail);
  process.exit();
}

function fail(error: unknown): void {
  process.exitCode = 1;
  process.send?.({ kind: "failed", reason: explainError(error) } satisfies FromWebProcess, () => process.exit());
}

function tell(message: FromWebProcess): void {
  if (process.connected) process.send?.(message);
}
