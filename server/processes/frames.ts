/**
 * Messages on a stream of bytes: four bytes say how long a message is, then it follows as JSON. One message carries as
 * much as there is to say at the time, because making and reading JSON costs least in large pieces.
 */
export function toFrame(message: unknown): Buffer {
  const text = JSON.stringify(message);
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + length);
  frame.writeUInt32BE(length);
  frame.write(text, LENGTH_BYTES, "utf8");
  return frame;
}

/** Puts messages together again from whatever pieces arrive. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /**
   * @returns the messages that are whole now
   * @throws Error when these are not frames; nothing that comes after can be read then
   */
  push(piece: Buffer): unknown[] {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const messages: unknown[] = [];
    let start = 0;
    while (bytes.length - start >= LENGTH_BYTES) {
      const length = bytes.readUInt32BE(start);
      if (length > FRAME_BYTES_MAX) throw new Error(`a frame of ${length} bytes`);
      const end = start + LENGTH_BYTES + length;
      if (bytes.length < end) break;
      messages.push(JSON.parse(bytes.toString("utf8", start + LENGTH_BYTES, end)));
      start = end;
    }
    this.#rest = bytes.subarray(start);
    return messages;
  }
}

const LENGTH_BYTES = 4;

/** Sixty times what the largest message has: more is not one of ours. */
const FRAME_BYTES_MAX = 16 * 1024 * 1024;
