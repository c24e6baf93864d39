import { useQuery } from "@tanstack/react-query";
import { euros } from "../../../components/money.tsx";
import { taskQuery } from "../console-queries.ts";
import { refundSentences } from "./refund-sentences.ts";

/** What a refund gives back, to whom, and what becomes of the units: its dispatch is looked up when this is shown. */
export function RefundDescription({ what, number, buyer, amountCents, taskId }: RefundDescriptionProps) {
  const { data: task } = useQuery(taskQuery(taskId));
  return (
    <>
      <span className="mb-2 block text-ink wrap-anywhere">
        <span className="font-semibold">{what}</span>
        <br />
        {number}, bought by {buyer}
      </span>
      {refundSentences(euros(amountCents), task)}
    </>
  );
}

interface RefundDescriptionProps {
  readonly what: string;
  /** Of the purchase or the order, in words. */
  readonly number: string;
  readonly buyer: string;
  readonly amountCents: number;
  /** Its dispatch. */
  readonly taskId: string;
}
