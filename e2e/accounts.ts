import { createDoorbusterClient, type DoorbusterClient } from "../client/sdk/index.ts";

/** Somebody with an account, who can sign in on the page and act through the SDK. */
export interface Account {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly client: DoorbusterClient;
}

/** The operator that a development database comes with. */
export async function signInOperator(url: string): Promise<Account> {
  return post(url, "sign-in/email", { email: "operator@example.com", password: "doorbuster-demo" });
}

/** A new buyer with nothing in the wallet. */
export async function signUpBuyer(
  url: string,
  {
    name = `Buyer ${crypto.randomUUID().slice(0, 8)}`,
    email = `${crypto.randomUUID()}@example.com`,
  }: { name?: string; email?: string } = {},
): Promise<Account> {
  return post(url, "sign-up/email", { email, password: "seven quiet harbours", name });
}

/** Somebody whose sessions have ended, with a new one. */
export async function signInAgain(url: string, { email, password }: Account): Promise<Account> {
  return post(url, "sign-in/email", { email, password });
}

async function post(url: string, path: string, body: { email: string; password: string; name?: string }) {
  const response = await fetch(`${url}/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { token: string; user: { id: string } };
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${JSON.stringify(answer)}`);
  const { token, user } = answer;
  const client = createDoorbusterClient({ url, token });
  return { userId: user.id, email: body.email, password: body.password, token, client };
}
