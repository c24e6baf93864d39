import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

// biome-ignore lint/style/noDefaultExport: Vite reads its configuration from the default export.
export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: "es2023",
    outDir: fileURLToPath(new URL("../../dist/sdk", import.meta.url)),
    // The declarations are written into the same folder by the compiler, after the bundle.
    emptyOutDir: true,
    // A developer reads it in a debugger, and their own build makes it small.
    minify: false,
    sourcemap: true,
    lib: { entry: "index.ts", formats: ["es"], fileName: () => "index.js" },
  },
});
