import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { hashThemeScript } from "./client/web/build/hash-theme-script.ts";

const SERVER = `http://127.0.0.1:${process.env.PORT ?? 3000}`;

/** Requests reach the server as from a page of its own: it refuses those that come from elsewhere. */
const PROXY = { target: SERVER, changeOrigin: true, headers: { origin: SERVER } };

// biome-ignore lint/style/noDefaultExport: Vite reads its configuration from the default export.
export default defineConfig({
  root: fileURLToPath(new URL("./client/web", import.meta.url)),
  plugins: [react(), tailwindcss(), hashThemeScript()],
  build: {
    outDir: "../../dist/web",
    emptyOutDir: true,
    // The content security policy allows nothing inline: every asset is a file of its own.
    assetsInlineLimit: 0,
    // Which files each route needs would weigh 1.3 kB of the first load. Routes are loaded ahead, when they are pointed at or
    // the page is idle; else one that needs two files waits for one after the other.
    modulePreload: false,
    // All of the first load in one file: it compresses better than in the pieces that the other routes share, and is
    // one request.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: "first-load", tags: ["$initial"] }] } },
      // tRPC's client does not say so of itself, and its WebSocket link would come along.
      treeshake: { moduleSideEffects: [{ test: /node_modules\/@trpc\/client\//, sideEffects: false }] },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/trpc": PROXY, "/api": PROXY, "/health": PROXY },
  },
});
