import { authSecret } from "../accounts/auth-secret.ts";
import { CredentialSigner } from "../accounts/credential.ts";
import { mintTokens } from "../accounts/mint-tokens.ts";
import { CliError, type Command, wholeNumber } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** Buyers for load tests. */
export const tokens: Command = {
  name: "tokens",
  synopsis: "--count N [--balance-cents N]",
  does: "Makes N buyers with money, and prints a line for each: the user's id and a bearer token. Not in production.",
  options: { count: { type: "string" }, "balance-cents": { type: "string" } },
  async run({ config, values, say }) {
    if (config.mode === "production") throw new CliError("Tokens for load tests are not made in production.");
    const count = wholeNumber(values.count, { name: "count", min: 1, max: 1_000_000 });
    const balanceCents = wholeNumber(values["balance-cents"], {
      name: "balance-cents",
      min: 0,
      max: 1_000_000_000_000,
      otherwise: 1_000_000,
    });
    const minted = await withDatabase({ config, say }, async (database) => {
      const signer = new CredentialSigner(await authSecret(config));
      return mintTokens({ database, signer }, { count, balanceCents });
    });
    process.stdout.write(minted.map(({ userId, credential }) => `${userId} ${credential}\n`).join(""));
    return 0;
  },
};
