import type { Locator, Page } from "@playwright/test";
import { expect } from "./test.ts";

/** The console's tasks, found as a person finds them. */
export class TasksPage {
  readonly form: Locator;
  /** What became of the last one that was submitted. */
  readonly answer: Locator;
  readonly table: Locator;
  /** The open task. */
  readonly sheet: Locator;
  readonly log: Locator;

  constructor(page: Page) {
    this.form = page.getByRole("form", { name: "Submit a task" });
    this.answer = page.getByRole("region", { name: "Submit a task" }).getByRole("status");
    this.table = page.getByRole("table", { name: "Tasks" });
    this.sheet = page.getByRole("dialog");
    this.log = this.sheet.getByRole("list", { name: "Log" }).getByRole("listitem");
  }

  row(taskId: string): Locator {
    return this.table.getByRole("row").filter({ hasText: taskId });
  }

  /** Fills the form and sends it. The work takes a moment and does not fail, unless said otherwise. */
  async submit({ taskId, payload = "", failures = "0" }: { taskId: string; payload?: string; failures?: string }) {
    await this.form.getByRole("textbox", { name: "Id" }).fill(taskId);
    await this.form.getByRole("textbox", { name: "Payload" }).fill(payload);
    await this.form.getByRole("textbox", { name: "Delay, ms" }).fill("50");
    await this.form.getByRole("textbox", { name: "Failures, %" }).fill(failures);
    await this.form.getByRole("button", { name: "Submit" }).click();
  }
}

/** The console's faults and what came of them. */
export class ChaosPage {
  readonly stopAll: Locator;
  readonly verdict: Locator;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    this.stopAll = page.getByRole("button", { name: "Stop all" });
    this.verdict = page.getByRole("region", { name: "Verdict" });
  }

  fault(name: string): Locator {
    return this.#page.getByRole("region", { name, exact: true });
  }

  /** Switches a fault on for longer than any test takes. It ends by "Stop all". */
  async start(name: string): Promise<void> {
    await this.fault(name).getByRole("combobox", { name: "For" }).selectOption({ label: "5 min" });
    await this.fault(name)
      .getByRole("button", { name: `Start: ${name}` })
      .click();
    await expect(this.fault(name)).toContainText(/On, .* left/);
  }

  /** Ends one fault and leaves the others. */
  async stop(name: string): Promise<void> {
    await this.fault(name)
      .getByRole("button", { name: `Stop: ${name}` })
      .click();
    await expect(this.fault(name)).toContainText("Off");
  }

  async mend(): Promise<void> {
    await this.stopAll.click();
    await expect(this.stopAll).toBeDisabled();
  }
}

/** Whether everything adds up: the glance, the banner over all of the console when it does not, and the panel. */
export class Books {
  readonly glance: Locator;
  /** What does not add up. */
  readonly banner: Locator;
  readonly panel: Locator;

  constructor(page: Page) {
    this.glance = page.getByRole("list", { name: "At a glance" });
    this.banner = page.getByRole("region", { name: "What does not add up" });
    this.panel = page.getByRole("region", { name: "Reconciliation" });
  }

  async checkAgain(where: Locator): Promise<void> {
    await where.getByRole("button", { name: "Check everything again" }).click();
  }
}

export function newTaskId(): string {
  return `task-${crypto.randomUUID().slice(0, 13)}`;
}
