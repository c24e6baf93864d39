import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readConfig } from "../server/settings/config.ts";
import { readYaml } from "./read-yaml.ts";

const read = (path: string) => readFile(new URL(`../${path}`, import.meta.url), "utf8");
const text = await read("docker-compose.yml");
const example = await read(".env.example");

const serviceSchema = z.looseObject({
  image: z.string(),
  build: z.string().optional(),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal("ALL")]),
  security_opt: z.tuple([z.literal("no-new-privileges:true")]),
  restart: z.string(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])),
  networks: z.array(z.string()).min(1),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  healthcheck: z
    .union([z.looseObject({ test: z.array(z.string()) }), z.strictObject({ disable: z.literal(true) })])
    .optional(),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(["service_healthy", "service_completed_successfully"]) }))
    .default({}),
  mem_limit: z.string().regex(/^\d+[mg]$/),
  pids_limit: z.int(),
});

const { services, networks, volumes } = z
  .looseObject({
    services: z.record(z.string(), serviceSchema),
    networks: z.record(z.string(), z.strictObject({ internal: z.boolean().default(false) }).nullable()),
    volumes: z.record(z.string(), z.null()),
  })
  .parse(readYaml(text));

type Service = z.infer<typeof serviceSchema>;
const { migrate, shop, warehouse, prometheus, grafana } = services as Record<string, Service>;

it("runs the shop, its migrations, the warehouse, a database for each, Prometheus and Grafana", () => {
  expect(Object.keys(services).toSorted()).toEqual([
    "grafana",
    "migrate",
    "postgres",
    "prometheus",
    "shop",
    "warehouse",
    "warehouse-postgres",
  ]);
});

it("lets nobody in but from this machine, where a proxy is, to the shop, Grafana and Prometheus", () => {
  const published = Object.entries(services).flatMap(([name, { ports }]) => ports.map((port) => `${name} ${port}`));
  expect(published.toSorted()).toEqual([
    "grafana 127.0.0.1:3001:3000",
    "prometheus 127.0.0.1:9090:9090",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how compose writes it.
    "shop 127.0.0.1:${PORT:-3000}:3000",
  ]);
});

it("keeps each database in a network that only its own service shares, and that leads nowhere", () => {
  const membersOf = (network: string) =>
    Object.entries(services)
      .flatMap(([name, service]) => (service.networks.includes(network) ? name : []))
      .toSorted();
  expect(membersOf("shop-store")).toEqual(["migrate", "postgres", "shop"]);
  expect(membersOf("warehouse-store")).toEqual(["warehouse", "warehouse-postgres"]);
  expect(services.postgres?.networks).toEqual(["shop-store"]);
  expect(services["warehouse-postgres"]?.networks).toEqual(["warehouse-store"]);
  for (const name of ["services", "shop-store", "warehouse-store"]) expect(networks[name]).toEqual({ internal: true });
  expect(warehouse?.networks).not.toContain("front");
});

describe.each(Object.entries(services))("the service %s", (_name, service) => {
  it("has an image of a certain version, or is built here", () => {
    if (service.build === undefined) expect(service.image).toMatch(/^[a-z/]+:v?\d+(\.\d+)+$/);
  });

  it("is asked how it is", async () => {
    if (service.healthcheck) return;
    expect(service.build).toBe(".");
    expect(await read("Dockerfile")).toMatch(/^HEALTHCHECK /m);
  });

  it("uses networks and volumes that are declared", () => {
    for (const network of service.networks) expect(networks).toHaveProperty(network);
    for (const volume of service.volumes) {
      const [source = ""] = volume.split(":");
      if (!source.startsWith("./")) expect(volumes).toHaveProperty(source);
      else expect(volume).toMatch(/:ro$/);
    }
  });
});

it("has no secret in it: each comes from .env, and compose says how to make one that is missing", () => {
  const secrets = [...text.matchAll(/\$\{(\w*(?:SECRET|PASSWORD|TOKEN))(:[^}]*)\}/g)];
  expect(secrets.length).toBeGreaterThan(0);
  for (const [, name = "", words] of secrets) {
    expect(words, name).toMatch(/^:\?make one with openssl rand -(hex 24|base64 32)$/);
    expect(example).toMatch(new RegExp(`^${name}=$`, "m"));
  }
  for (const { environment } of Object.values(services)) {
    for (const [name, value] of Object.entries(environment)) {
      if (/SECRET|PASSWORD|TOKEN/.test(name)) expect(String(value), name).toMatch(/^(\$\{\w+:(\?.*|-)\})?$/);
    }
  }
});

it("gives shop and warehouse settings that they start with, in production and apart from each other", () => {
  const shopConfig = readConfig(filledIn(shop));
  const warehouseConfig = readConfig(filledIn(warehouse));
  expect(shopConfig).toMatchObject({ mode: "production", roles: ["web", "worker"], port: 3000, host: "0.0.0.0" });
  expect(shopConfig.warehouse).toMatchObject({ url: "http://warehouse:3002", databaseUrl: undefined });
  expect(warehouseConfig).toMatchObject({ mode: "production", roles: ["warehouse"], host: "0.0.0.0" });
  expect(warehouseConfig.warehouse.port).toBe(3002);
  expect(warehouseConfig.databaseUrl).toBeUndefined();
  expect(warehouseConfig.warehouse.databaseUrl).toContain("@warehouse-postgres:");
  expect(shopConfig.databaseUrl).toContain("@postgres:");
  expect(readConfig(filledIn(migrate)).databaseUrl).toContain("@postgres:");
  expect(warehouseConfig.warehouse.secret).toBe(shopConfig.warehouse.secret);
  expect(warehouseConfig.metricsToken).toBe(shopConfig.metricsToken);
  expect(warehouse?.environment).not.toHaveProperty("AUTH_SECRET");
});

it.each([
  { service: shop, variable: "DATABASE_URL", server: services.postgres, script: "shop-user.sh" },
  {
    service: warehouse,
    variable: "WAREHOUSE_DATABASE_URL",
    server: services["warehouse-postgres"],
    script: "warehouse-user.sh",
  },
])("lets a service into its database by $variable as a user of its own, who is no superuser", async (its) => {
  const environment = filledIn(its.service);
  const { POSTGRES_USER, POSTGRES_PASSWORD, ...ofServer } = filledIn(its.server);
  const { username, password } = new URL(environment[its.variable] ?? "");
  expect(username).not.toBe(POSTGRES_USER);
  expect(Object.values(environment).join()).not.toContain(POSTGRES_PASSWORD);
  expect(Object.values(ofServer)).toContain(password);
  expect(its.server?.volumes).toContain(`./ops/postgres/${its.script}:/docker-entrypoint-initdb.d/${its.script}:ro`);
  expect(await read(`ops/postgres/${its.script}`)).toContain(`create role ${username} login`);
});

it("puts the token where Prometheus reads it, in memory", async () => {
  const config = await read("ops/prometheus/prometheus.yml");
  const [, path = ""] = /credentials_file: (\S+)/.exec(config) ?? [];
  const { command } = z.looseObject({ command: z.tuple([z.string()]) }).parse(prometheus);
  expect(command[0]).toContain(`> ${path}\n`);
  expect(prometheus?.tmpfs.some((mount) => path.startsWith(mount.split(":")[0] ?? "-"))).toBe(true);
});

it("lets nobody into Grafana without the password", () => {
  expect(grafana?.environment).toMatchObject({ GF_AUTH_ANONYMOUS_ENABLED: "false", GF_USERS_ALLOW_SIGN_UP: "false" });
});

/** With a good secret for each variable that has no default. */
function filledIn(service: Service | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service?.environment ?? {}).map(([name, value]) => [
      name,
      String(value).replaceAll(
        /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}/g,
        (_all, secret, byDefault) => byDefault ?? made(secret),
      ),
    ]),
  );
}

/** The same each time, and another for each name. */
function made(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}
