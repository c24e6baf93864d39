/*
 * Ends a start on a Node that cannot run the server's TypeScript with a sentence instead of a SyntaxError: `node --require
 * ./server/require-node.cjs …`. CommonJS, in syntax that any Node reads.
 */
const NODE_MAJOR_MIN = 24;

if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
  process.stderr.write(
    `Doorbuster needs Node ${NODE_MAJOR_MIN}, and this is ${process.versions.node}: run npm ci without leaving out optional packages, which bring one for Linux, macOS and Windows, or install it.\n`,
  );
  process.exit(1);
}
