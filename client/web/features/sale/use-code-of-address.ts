import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { keepCode } from "./kept-code.ts";

/** Takes an access code from the address (`?code=`), and out of it: who passes the page on passes on no code. */
export function useCodeOfAddress(saleId: number): void {
  const navigate = useNavigate();
  const [code] = useState(() => {
    const given = new URLSearchParams(window.location.search).get("code");
    if (given) keepCode(saleId, { code: given, isAsked: true });
    return given;
  });
  useEffect(() => {
    if (code !== null) void navigate({ to: ".", search: {}, hash: true, replace: true });
  }, [code, navigate]);
}
