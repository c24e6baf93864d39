import { PICTURE_BYTES_MAX } from "../../../../shared/pictures.ts";
import { pictureSchema, problemSchema } from "../../../../shared/rest.ts";
import { rereadSession } from "../../app/session.ts";

/**
 * Sends a picture to the shop and answers its address. By XMLHttpRequest, since `fetch` tells nothing of how much was sent.
 *
 * @param onSent with the share that was sent, from 0 to 1
 * @throws an error in words for the operator; nothing is thrown by a request that was aborted: it never answers
 */
export function uploadPicture(file: File, { userId, signal, onSent }: UploadOptions): Promise<string> {
  const problem = problemOf(file);
  if (problem !== undefined) return Promise.reject(new Error(problem));
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = () => reject(new Error("The picture did not reach the shop. It is still chosen: try again."));
    request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 0 : loaded / total);
    request.onerror = fail;
    request.ontimeout = fail;
    request.onload = () => {
      const answer = pictureSchema.safeParse(readJson(request.responseText));
      if (request.status === 200 && answer.success) return resolve(answer.data.imageUrl);
      reject(new Error(words(request)));
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.timeout = TIMEOUT_MS;
    request.open("POST", "/api/pictures");
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("x-user-id", userId);
    request.send(file);
  });
}

interface UploadOptions {
  readonly userId: string;
  readonly signal: AbortSignal;
  readonly onSent: (share: number) => void;
}

/** A slow line, and a shop that prepares others before it. */
const TIMEOUT_MS = 120_000;

/** What can be said before anything is sent; what it really is, only the shop finds out. */
function problemOf({ name, type, size }: File): string | undefined {
  if (type === "image/svg+xml" || /\.svgz?$/i.test(name)) {
    return "SVG pictures are not taken, because they can hold programs. Please choose a JPEG, PNG, WebP or AVIF file.";
  }
  if (size === 0) return "The file is empty. Please choose another.";
  if (size > PICTURE_BYTES_MAX) {
    const megabytes = Math.ceil(size / 1024 / 1024);
    return `This file has ${megabytes} MB, and a picture 10 MB at most. Please save it in a smaller size, or as JPEG or WebP.`;
  }
  return undefined;
}

function words({ status, responseText }: XMLHttpRequest): string {
  if (status === 401) {
    rereadSession();
    return "You have been signed out. The picture is still chosen: sign in, and try again.";
  }
  const problem = problemSchema.safeParse(readJson(responseText));
  return problem.success ? problem.data.message : "The shop does not answer just now. Please try again in a moment.";
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
