import { useState } from "react";
import { pictureSrcSet } from "../../../shared/pictures.ts";

/** An item's picture, or a drawn parcel where it has none or it cannot be loaded. It fills the frame that it is put in. */
export function ItemPicture({ name, imageUrl, isFirst, isGone }: ItemPictureProps) {
  const [failedUrl, setFailedUrl] = useState<string | null>(null);
  const look = `absolute inset-0 size-full object-cover transition-transform duration-500 group-hover:scale-[1.025] ${isGone ? "opacity-55 grayscale" : ""}`;
  if (imageUrl === null || imageUrl === failedUrl) return <Parcel name={name} className={look} />;
  return (
    <img
      src={imageUrl}
      srcSet={pictureSrcSet(imageUrl)}
      // A card's width, where the browser cannot see it for itself before it loads.
      sizes={isFirst ? CARD_WIDTH : `auto, ${CARD_WIDTH}`}
      alt={name}
      width={800}
      height={600}
      loading={isFirst ? "eager" : "lazy"}
      fetchPriority={isFirst ? "high" : "auto"}
      decoding="async"
      onError={() => setFailedUrl(imageUrl)}
      className={look}
    />
  );
}

const CARD_WIDTH = "(max-width: 40rem) 10rem, 40rem";

/** Without a name it is decoration. */
export function Parcel({ name, className }: { name?: string; className: string }) {
  return (
    <svg
      role={name === undefined ? undefined : "img"}
      aria-label={name}
      aria-hidden={name === undefined || undefined}
      viewBox="0 0 800 600"
      preserveAspectRatio="xMidYMid slice"
      className={className}
    >
      <rect width="800" height="600" className="fill-sunken" />
      <rect y="470" width="800" height="130" className="fill-line" />
      <path d="M240 230l160-56 160 56v232l-160 56-160-56z" fill="#d3a873" />
      <path d="M400 286l160-56v232l-160 56z" fill="#b98b55" />
      <path d="M240 230l160 56 160-56-160-56z" fill="#e6c497" />
      <path d="M306 207l160 56v70l-40 14v-70L266 221z" fill="#ffd91a" />
      <path d="M462 420l64-22M462 446l40-14" stroke="#121413" strokeOpacity="0.55" strokeWidth="8" />
    </svg>
  );
}

interface ItemPictureProps {
  readonly name: string;
  readonly imageUrl: string | null;
  /** One of those that are seen without scrolling. */
  readonly isFirst: boolean;
  readonly isGone: boolean;
}
