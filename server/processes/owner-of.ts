/**
 * Says which of the living processes an item's requests meet in: the one with the highest weight for the item
 * (rendezvous hashing). So every process finds the same one without asking, and when one dies or comes back, only its
 * own items move.
 *
 * @param slots of the living processes; not empty
 */
export function ownerOf(itemId: number, slots: Iterable<number>): number {
  let owner = -1;
  let highest = -1;
  for (const slot of slots) {
    const weight = weightOf(itemId, slot);
    if (weight > highest || (weight === highest && slot < owner)) {
      owner = slot;
      highest = weight;
    }
  }
  return owner;
}

/** Any number from 0 to 2³² - 1, as if drawn by lot, and always the same for the same two. */
function weightOf(itemId: number, slot: number): number {
  // The finaliser of MurmurHash3: every bit of its input changes half of the bits of its output.
  let bits = (itemId ^ Math.imul(slot + 1, 0x9e3779b9)) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
