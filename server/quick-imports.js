import { enableCompileCache, registerHooks } from "node:module";
import { join } from "node:path";

/*
 * Makes the start of a process quicker, and changes nothing else: `node --import ./server/quick-imports.js …`. Of the
 * time that it takes to load the server's 900 modules two thirds are saved. It is plain JavaScript, because stripping
 * its types would cost a good part of that.
 */

// Keeps what was compiled, and stripped of types, from start to start. Where that cannot be written all goes on without.
enableCompileCache(join(import.meta.dirname, "..", "node_modules", ".cache", "compiled"));

/** What Node found out about imports of Drizzle by our own modules, which all see the same one. */
const found = new Map();

/*
 * To learn the format of a module Node 24 parses the package.json that it belongs to, anew for each module, and that of
 * drizzle-orm has 179 kB (0.45.4). All of its modules are ECMAScript's, so they need not be asked about one by one.
 */
registerHooks({
  resolve(specifier, context, nextResolve) {
    const { parentURL = "", conditions } = context;
    if (!conditions.includes("import")) return nextResolve(specifier, context);
    if (specifier.startsWith(".") && parentURL.includes("/node_modules/drizzle-orm/")) {
      return { url: new URL(specifier, parentURL).href, format: "module", shortCircuit: true };
    }
    if (!/^drizzle-orm(\/|$)/.test(specifier) || parentURL.includes("/node_modules/")) {
      return nextResolve(specifier, context);
    }
    const answer = found.get(specifier) ?? { ...nextResolve(specifier, context), shortCircuit: true };
    found.set(specifier, answer);
    return answer;
  },
});
