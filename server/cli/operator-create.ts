import { text } from "node:stream/consumers";
import { signUpInputSchema } from "../../shared/rest.ts";
import { changeUser, createUser, type NewUser } from "../accounts/create-user.ts";
import { newToken } from "../accounts/credential.ts";
import { announceRevocation } from "../accounts/session-news.ts";
import { weakPasswordProblem } from "../accounts/weak-password.ts";
import { CliError, type Command } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** Makes somebody an operator, or an auditor. */
export const operatorCreate: Command = {
  name: "operator create",
  synopsis: "--email ADDRESS [--name NAME] [--role operator|auditor] [--password-stdin]",
  does: "Makes an operator (or an auditor, who sees everything and changes nothing), or makes one of an account that exists. Prints the password unless one is given on standard input.",
  options: {
    email: { type: "string" },
    name: { type: "string" },
    role: { type: "string" },
    "password-stdin": { type: "boolean" },
  },
  async run({ config, values, say }) {
    const given = await givenPassword(values["password-stdin"] === true);
    const role = roleOf(values.role);
    const { email, name } = values;
    const user = { ...(await parse({ email, name, password: given ?? newToken() })), role };
    await withDatabase({ config, say }, async (database, store) => {
      if ((await createUser(database, user, "cli")) !== undefined) {
        say(`Made the ${role} ${user.email} in the ${store}.`);
        return;
      }
      await changeUser(database, user, announceRevocation(config.databaseSchema));
      say(`${user.email} is an ${role} now, with a new password and no sessions, in the ${store}.`);
    });
    if (given === undefined) process.stdout.write(`${user.password}\n`);
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

function roleOf(value: unknown): "operator" | "auditor" {
  if (value === undefined || value === "operator") return "operator";
  if (value === "auditor") return value;
  throw new CliError("--role must be operator or auditor.", { isUsage: true });
}

async function parse(input: Record<string, unknown>): Promise<Omit<NewUser, "role">> {
  if (input.email === undefined) throw new CliError("--email is missing.", { isUsage: true });
  const parsed = signUpInputSchema.safeParse(input);
  if (!parsed.success) {
    throw new CliError((parsed.error.issues[0]?.message ?? "The input is not valid").replace(/\.?$/, "."));
  }
  const { email, password, name = email.split("@", 1)[0] ?? email } = parsed.data;
  const problem = await weakPasswordProblem({ email, name, password });
  if (problem !== undefined) throw new CliError(problem);
  return { email, name, password };
}
