import { text } from "node:stream/consumers";
import { signUpInputSchema } from "../../shared/rest.ts";
import { changeUser, createUser, type NewUser } from "../accounts/create-user.ts";
import { newToken } from "../accounts/credential.ts";
import { announceRevocation } from "../accounts/session-news.ts";
import { weakPasswordProblem } from "../accounts/weak-password.ts";
import { CliError, type Command } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** Makes somebody an operator. */
export const operatorCreate: Command = {
  name: "operator create",
  synopsis: "--email ADDRESS [--name NAME] [--password-stdin]",
  does: "Makes an operator, or makes one of an account that exists. Prints the password unless one is given on standard input.",
  options: { email: { type: "string" }, name: { type: "string" }, "password-stdin": { type: "boolean" } },
  async run({ config, values, say }) {
    const given = await givenPassword(values["password-stdin"] === true);
    const operator = await parse({ email: values.email, name: values.name, password: given ?? newToken() });
    await withDatabase({ config, say }, async (database, store) => {
      if ((await createUser(database, operator, "cli")) !== undefined) {
        say(`Made the operator ${operator.email} in the ${store}.`);
        return;
      }
      await changeUser(database, operator, announceRevocation(config.databaseSchema));
      say(`${operator.email} is an operator now, with a new password and no sessions, in the ${store}.`);
    });
    if (given === undefined) process.stdout.write(`${operator.password}\n`);
    return 0;
  },
};

/** A password is read from a pipe or a file, and from a terminal only when asked for: a person would wait for nothing. */
async function givenPassword(asked: boolean): Promise<string | undefined> {
  if (process.stdin.isTTY && !asked) return undefined;
  const [line = ""] = (await text(process.stdin)).split(/\r?\n/, 1);
  if (line === "" && asked) throw new CliError("There is no password on standard input.");
  return line === "" ? undefined : line;
}

async function parse(input: Record<string, unknown>): Promise<NewUser> {
  if (input.email === undefined) throw new CliError("--email is missing.", { isUsage: true });
  const parsed = signUpInputSchema.safeParse(input);
  if (!parsed.success) {
    throw new CliError((parsed.error.issues[0]?.message ?? "The input is not valid").replace(/\.?$/, "."));
  }
  const { email, password, name = email.split("@", 1)[0] ?? email } = parsed.data;
  const problem = await weakPasswordProblem({ email, name, password });
  if (problem !== undefined) throw new CliError(problem);
  return { email, name, password, role: "operator" };
}
