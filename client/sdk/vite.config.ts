import { defineConfig } from "vite";

// biome-ignore lint/style/noDefaultExport: Vite reads its configuration from the default export.
export default defineConfig({
  root: import.meta.dirname,
  build: {
    target: "es2023",
    // The compiler writes the declarations into the same folder after the bundle.
    outDir: "dist",
    // A developer reads it in a debugger, and their own build makes it small.
    minify: false,
    sourcemap: true,
    rolldownOptions: { external: /^@trpc\// },
    lib: { entry: "index.ts", formats: ["es"], fileName: () => "index.js" },
  },
});
